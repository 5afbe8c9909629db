CREATE TABLE `cloud_credentials` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`sealed` text NOT NULL,
	`added_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cloud_credentials_of_user` ON `cloud_credentials` (`user_id`,`name`);--> statement-breakpoint
CREATE TABLE `held_contents` (
	`task_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL,
	`held_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `held_contents_age` ON `held_contents` (`held_at`);--> statement-breakpoint
CREATE TABLE `ssh_keys` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`key` text NOT NULL,
	`type` text NOT NULL,
	`bits` integer NOT NULL,
	`comment` text NOT NULL,
	`added_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ssh_keys_of_user` ON `ssh_keys` (`user_id`,`fingerprint`);--> statement-breakpoint
CREATE TABLE `fleet_tasks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` integer NOT NULL,
	`target` text NOT NULL,
	`place` integer NOT NULL,
	`status` text NOT NULL,
	`ready` integer NOT NULL,
	`worker_id` integer,
	`lease_expires_at` integer,
	`error_message` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`stopped_at` integer,
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `fleet_tasks_of_job` ON `fleet_tasks` (`job_id`);--> statement-breakpoint
CREATE INDEX `fleet_tasks_in_step` ON `fleet_tasks` (`job_id`,`place`,`status`);--> statement-breakpoint
CREATE INDEX `fleet_tasks_ready` ON `fleet_tasks` (`target`,`id`) WHERE "fleet_tasks"."ready" = 1;--> statement-breakpoint
CREATE INDEX `fleet_tasks_held` ON `fleet_tasks` (`worker_id`) WHERE "fleet_tasks"."ready" = 1 and "fleet_tasks"."worker_id" is not null;--> statement-breakpoint
CREATE TABLE `job_steps` (
	`job_id` integer NOT NULL,
	`place` integer NOT NULL,
	`name` text NOT NULL,
	`actions` text NOT NULL,
	PRIMARY KEY(`job_id`, `place`),
	FOREIGN KEY (`job_id`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`datacenter` text,
	`framework` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`stopped_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_key_unique` ON `jobs` (`key`);--> statement-breakpoint
CREATE INDEX `jobs_of_status` ON `jobs` (`status`,`id`);--> statement-breakpoint
CREATE TABLE `workers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`target` text NOT NULL,
	`framework` text NOT NULL,
	`datacenter` text NOT NULL,
	`tags` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `workers_of_target` ON `workers` (`target`,`framework`);--> statement-breakpoint
CREATE INDEX `controller_grants_ending` ON `controller_grants` (`expires_at`) WHERE "controller_grants"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX `model_grants_ending` ON `model_grants` (`expires_at`) WHERE "model_grants"."expires_at" is not null;