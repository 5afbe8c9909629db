CREATE TABLE `deleted_users` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`created_at` integer NOT NULL,
	`deleted_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deleted_users_id_unique` ON `deleted_users` (`id`);--> statement-breakpoint
CREATE TABLE `groups` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`parent` text,
	`creator` text,
	`created_at` integer NOT NULL,
	`modified_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_id_unique` ON `groups` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `groups_name_unique` ON `groups` (`name`);--> statement-breakpoint
CREATE TABLE `member_roles` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`group_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `member_roles_of_user` ON `member_roles` (`user_id`,`group_id`,`role`);--> statement-breakpoint
CREATE INDEX `member_roles_of_group` ON `member_roles` (`group_id`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`group_id` text NOT NULL,
	`user_id` text NOT NULL,
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `memberships_of_user` ON `memberships` (`user_id`,`group_id`);--> statement-breakpoint
CREATE INDEX `memberships_of_group` ON `memberships` (`group_id`);--> statement-breakpoint
CREATE TABLE `permissions` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text NOT NULL,
	`permission` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `permissions_of_user` ON `permissions` (`user_id`,`permission`);--> statement-breakpoint
CREATE TABLE `project_quotas` (
	`group_id` text NOT NULL,
	`region` text NOT NULL,
	`size` text NOT NULL,
	PRIMARY KEY(`group_id`, `region`),
	FOREIGN KEY (`group_id`) REFERENCES `groups`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`digest` text NOT NULL,
	`user_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`project_id` text,
	`note` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_digest_unique` ON `sessions` (`digest`);--> statement-breakpoint
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `user_counts` (
	`block` integer PRIMARY KEY NOT NULL,
	`active_admins` integer DEFAULT 0 NOT NULL,
	`inactive_admins` integer DEFAULT 0 NOT NULL,
	`active_users` integer DEFAULT 0 NOT NULL,
	`inactive_users` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`email` text,
	`email_key` text,
	`password` text,
	`role` text NOT NULL,
	`state` text NOT NULL,
	`bootstrap` integer DEFAULT false NOT NULL,
	`source` text NOT NULL,
	`creator` text,
	`version` integer DEFAULT 0 NOT NULL,
	`auth_epoch` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`last_login_at` integer,
	`last_login_offset` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_id_unique` ON `users` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_name_key_unique` ON `users` (`name_key`);--> statement-breakpoint
CREATE INDEX `users_email_key` ON `users` (`email_key`);--> statement-breakpoint
CREATE INDEX `users_role` ON `users` (`role`,`seq`);--> statement-breakpoint
CREATE INDEX `users_state` ON `users` (`state`,`seq`);--> statement-breakpoint
CREATE INDEX `users_role_state` ON `users` (`role`,`state`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`actor` text NOT NULL,
	`via` text NOT NULL,
	`address` text,
	`request_id` text,
	`event` text NOT NULL,
	`subject` text NOT NULL,
	`details` text
);
--> statement-breakpoint
CREATE INDEX `audit_events_of_subject` ON `audit_events` (`subject`);--> statement-breakpoint
CREATE TABLE `mails` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`recipient` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`task_id` text,
	`created_at` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`due_at` integer,
	`sent_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mails_id_unique` ON `mails` (`id`);--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`due_at`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`task_id` text NOT NULL,
	`notes` text NOT NULL,
	`error` integer NOT NULL,
	`acknowledged` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_id_unique` ON `notifications` (`id`);--> statement-breakpoint
CREATE INDEX `notifications_newest` ON `notifications` (`acknowledged`,`created_at`);--> statement-breakpoint
CREATE INDEX `notifications_of_task` ON `notifications` (`task_id`);--> statement-breakpoint
CREATE TABLE `task_events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text,
	`step` text NOT NULL,
	`outcome` text NOT NULL,
	`note` text
);
--> statement-breakpoint
CREATE INDEX `task_events_of_task` ON `task_events` (`task_id`);--> statement-breakpoint
CREATE TABLE `task_ledger` (
	`task_id` text NOT NULL,
	`revision` integer NOT NULL,
	`intent` text NOT NULL,
	PRIMARY KEY(`task_id`, `revision`)
);
--> statement-breakpoint
CREATE TABLE `task_tokens` (
	`digest` text PRIMARY KEY NOT NULL,
	`task_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE INDEX `task_tokens_of_task` ON `task_tokens` (`task_id`);--> statement-breakpoint
CREATE INDEX `task_tokens_expiry` ON `task_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`revision` integer NOT NULL,
	`sameness` text NOT NULL,
	`open_key` text,
	`open` integer NOT NULL,
	`project_id` text,
	`address` text NOT NULL,
	`requester` text,
	`approved_by` text,
	`action_notes` text,
	`task_notes` text,
	`approved` integer NOT NULL,
	`completed` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`created_at` integer NOT NULL,
	`approved_at` integer,
	`completed_at` integer,
	`pending_until` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_id_unique` ON `tasks` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_open_key_unique` ON `tasks` (`open_key`);--> statement-breakpoint
CREATE INDEX `tasks_newest` ON `tasks` ("created_at" desc,`id`);--> statement-breakpoint
CREATE INDEX `tasks_completed` ON `tasks` (`completed_at`);--> statement-breakpoint
CREATE INDEX `tasks_unfinished` ON `tasks` (`completed`,`created_at`);--> statement-breakpoint
CREATE INDEX `tasks_same` ON `tasks` (`sameness`,`open`);