CREATE TABLE `api_keys` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`identity` text NOT NULL,
	`digest` text NOT NULL,
	`user_id` text NOT NULL,
	`creator` text,
	`label` text,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_id_unique` ON `api_keys` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_identity_unique` ON `api_keys` (`identity`);--> statement-breakpoint
CREATE INDEX `api_keys_of_user` ON `api_keys` (`user_id`,`seq`);--> statement-breakpoint
CREATE TABLE `token_families` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`epoch` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `token_families_of_user` ON `token_families` (`user_id`);--> statement-breakpoint
CREATE INDEX `token_families_expiry` ON `token_families` (`expires_at`);--> statement-breakpoint
CREATE TABLE `token_rotations` (
	`jti` text PRIMARY KEY NOT NULL,
	`family_id` text NOT NULL,
	`rotated_at` integer NOT NULL,
	`successor` text NOT NULL,
	FOREIGN KEY (`family_id`) REFERENCES `token_families`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `token_rotations_of_family` ON `token_rotations` (`family_id`);
--> statement-breakpoint
-- The group that everybody is in. Nobody makes it, so it is there from the beginning.
INSERT INTO `groups` (`id`, `name`, `parent`, `creator`, `created_at`, `modified_at`)
SELECT lower(hex(randomblob(16))), '__default__', NULL, NULL, CAST(unixepoch('subsec') * 1000 AS INTEGER), CAST(unixepoch('subsec') * 1000 AS INTEGER)
WHERE NOT EXISTS (SELECT 1 FROM `groups` WHERE `name` = '__default__');
