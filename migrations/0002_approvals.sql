CREATE TABLE `controller_grants` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text NOT NULL,
	`controller_id` text NOT NULL,
	`access` text NOT NULL,
	`expires_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`controller_id`) REFERENCES `controllers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `controller_grants_of_user` ON `controller_grants` (`user_id`,`controller_id`);--> statement-breakpoint
CREATE INDEX `controller_grants_of_controller` ON `controller_grants` (`controller_id`);--> statement-breakpoint
CREATE TABLE `controllers` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`region` text,
	`credentials` text,
	`creator` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `controllers_id_unique` ON `controllers` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `controllers_name_unique` ON `controllers` (`name`);--> statement-breakpoint
CREATE TABLE `model_grants` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text NOT NULL,
	`model_id` text NOT NULL,
	`access` text NOT NULL,
	`expires_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `model_grants_of_user` ON `model_grants` (`user_id`,`model_id`);--> statement-breakpoint
CREATE INDEX `model_grants_of_model` ON `model_grants` (`model_id`);--> statement-breakpoint
CREATE TABLE `models` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`controller_id` text NOT NULL,
	`name` text NOT NULL,
	`creator` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`controller_id`) REFERENCES `controllers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_id_unique` ON `models` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `models_of_controller` ON `models` (`controller_id`,`name`);--> statement-breakpoint
CREATE TABLE `kept_answers` (
	`caller` text NOT NULL,
	`key` text NOT NULL,
	`request` text NOT NULL,
	`answer` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`caller`, `key`)
);
--> statement-breakpoint
CREATE INDEX `kept_answers_expiry` ON `kept_answers` (`expires_at`);--> statement-breakpoint
CREATE TABLE `policies` (
	`task_type` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `row_counts` (
	`list` text PRIMARY KEY NOT NULL,
	`rows` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `task_voters` (
	`task_id` text NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`task_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `task_voters_by_key` ON `task_voters` (`key`);--> statement-breakpoint
ALTER TABLE `project_quotas` ADD `changed_at` integer;--> statement-breakpoint
ALTER TABLE `mails` ADD `html` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `tasks` ADD `about_project` text;--> statement-breakpoint
CREATE INDEX `tasks_about_project` ON `tasks` (`about_project`,`type`,`seq`);
--> statement-breakpoint
-- How long the lists are, so that a page of them can tell without reading them.
INSERT INTO `row_counts` (`list`, `rows`) VALUES
  ('tasks', (SELECT count(*) FROM `tasks`)),
  ('notifications', (SELECT count(*) FROM `notifications`)),
  ('notifications.open', (SELECT count(*) FROM `notifications` WHERE NOT `acknowledged`));
--> statement-breakpoint
CREATE TRIGGER `tasks_counted` AFTER INSERT ON `tasks` BEGIN
  UPDATE `row_counts` SET `rows` = `rows` + 1 WHERE `list` = 'tasks';
END;
--> statement-breakpoint
CREATE TRIGGER `notifications_counted` AFTER INSERT ON `notifications` BEGIN
  UPDATE `row_counts` SET `rows` = `rows` + 1 WHERE `list` = 'notifications';
  UPDATE `row_counts` SET `rows` = `rows` + 1 WHERE `list` = 'notifications.open' AND NOT NEW.`acknowledged`;
END;
--> statement-breakpoint
CREATE TRIGGER `notifications_recounted` AFTER UPDATE OF `acknowledged` ON `notifications`
WHEN NEW.`acknowledged` <> OLD.`acknowledged` BEGIN
  UPDATE `row_counts` SET `rows` = `rows` + (CASE WHEN NEW.`acknowledged` THEN -1 ELSE 1 END) WHERE `list` = 'notifications.open';
END;
