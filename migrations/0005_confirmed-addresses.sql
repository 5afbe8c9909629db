ALTER TABLE `users` ADD `email_confirmed` integer DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX `token_rotations_age` ON `token_rotations` (`rotated_at`);