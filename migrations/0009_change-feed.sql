CREATE TABLE `user_changes` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`user_id` text,
	`at` integer NOT NULL
);

--> statement-breakpoint
-- Whoever remembers what a credential stands for is told of every change to it by these.
CREATE TRIGGER `changes_of_users` AFTER UPDATE ON `users` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (NEW.`id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_deleted_users` AFTER DELETE ON `users` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_sessions` AFTER DELETE ON `sessions`
WHEN OLD.`expires_at` > CAST(unixepoch('subsec') * 1000 AS INTEGER) BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_families` AFTER DELETE ON `token_families`
WHEN OLD.`expires_at` > CAST(unixepoch('subsec') * 1000 AS INTEGER) BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_keys` AFTER DELETE ON `api_keys` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_changed_keys` AFTER UPDATE OF `digest`, `user_id`, `scopes`, `expires_at` ON `api_keys` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_new_permissions` AFTER INSERT ON `permissions` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (NEW.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_ended_permissions` AFTER DELETE ON `permissions` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_new_memberships` AFTER INSERT ON `memberships` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (NEW.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_ended_memberships` AFTER DELETE ON `memberships` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_new_member_roles` AFTER INSERT ON `member_roles` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (NEW.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_ended_member_roles` AFTER DELETE ON `member_roles` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (OLD.`user_id`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `changes_of_groups` AFTER UPDATE OF `name` ON `groups` BEGIN
  INSERT INTO `user_changes` (`user_id`, `at`) VALUES (NULL, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
