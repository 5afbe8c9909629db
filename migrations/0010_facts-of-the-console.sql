DROP INDEX `sessions_of_user`;--> statement-breakpoint
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`,`created_at`);--> statement-breakpoint
DROP INDEX `token_families_of_user`;--> statement-breakpoint
CREATE INDEX `token_families_of_user` ON `token_families` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `tasks_of_project` ON `tasks` (`project_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `tasks_of_requester` ON `tasks` (("requester" ->> '$.user_id'),`created_at`);--> statement-breakpoint
CREATE INDEX `tasks_waiting` ON `tasks` (`project_id`,`created_at`,`pending_until`) WHERE "tasks"."approved" = 0 and "tasks"."cancelled" = 0;--> statement-breakpoint
CREATE INDEX `tasks_voted` ON `tasks` (`approved_at`) WHERE "tasks"."body" ->> '$.votes' <> '[]';