-- Counts by blocks on three levels, so that a page by number is located from few rows whatever the length of its list.
DROP TRIGGER `users_counted_in`;
--> statement-breakpoint
DROP TRIGGER `users_recounted`;
--> statement-breakpoint
DROP TRIGGER `users_protected_from_deletion`;
--> statement-breakpoint
DROP TRIGGER `users_protected_from_demotion`;
--> statement-breakpoint
DROP TRIGGER `users_deleted`;
--> statement-breakpoint
DROP TRIGGER `tasks_counted`;
--> statement-breakpoint
DROP TRIGGER `notifications_counted`;
--> statement-breakpoint
DROP TRIGGER `notifications_recounted`;
--> statement-breakpoint
DROP TABLE `user_counts`;
--> statement-breakpoint
DROP TABLE `row_counts`;
--> statement-breakpoint
CREATE TABLE `user_counts` (
	`level` integer NOT NULL,
	`block` integer NOT NULL,
	`active_admins` integer NOT NULL,
	`inactive_admins` integer NOT NULL,
	`active_users` integer NOT NULL,
	`inactive_users` integer NOT NULL,
	PRIMARY KEY(`level`, `block`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `row_counts` (
	`list` text NOT NULL,
	`level` integer NOT NULL,
	`block` integer NOT NULL,
	`rows` integer NOT NULL,
	PRIMARY KEY(`list`, `level`, `block`)
) WITHOUT ROWID;
--> statement-breakpoint
-- What is inserted here is added to the counts of all levels; `by` is negative for what goes.
CREATE VIEW `user_tally` AS SELECT 0 AS `seq`, '' AS `role`, '' AS `state`, 0 AS `by` FROM `user_counts`;
--> statement-breakpoint
CREATE TRIGGER `users_tallied` INSTEAD OF INSERT ON `user_tally` BEGIN
  INSERT INTO `user_counts`
  SELECT `column1`, `column2`,
    NEW.`by` * (NEW.`role` = 'ADMIN' AND NEW.`state` = 'active'),
    NEW.`by` * (NEW.`role` = 'ADMIN' AND NEW.`state` = 'inactive'),
    NEW.`by` * (NEW.`role` = 'USER' AND NEW.`state` = 'active'),
    NEW.`by` * (NEW.`role` = 'USER' AND NEW.`state` = 'inactive')
  FROM (VALUES (1, NEW.`seq` >> 6), (2, NEW.`seq` >> 12), (3, NEW.`seq` >> 18), (4, 0)) WHERE true
  ON CONFLICT DO UPDATE SET
    `active_admins` = `active_admins` + excluded.`active_admins`,
    `inactive_admins` = `inactive_admins` + excluded.`inactive_admins`,
    `active_users` = `active_users` + excluded.`active_users`,
    `inactive_users` = `inactive_users` + excluded.`inactive_users`;
END;
--> statement-breakpoint
CREATE VIEW `row_tally` AS SELECT '' AS `list`, 0 AS `key`, 0 AS `by` FROM `row_counts`;
--> statement-breakpoint
CREATE TRIGGER `rows_tallied` INSTEAD OF INSERT ON `row_tally` BEGIN
  INSERT INTO `row_counts`
  SELECT NEW.`list`, `column1`, `column2`, NEW.`by`
  FROM (VALUES (1, NEW.`key` >> 6), (2, NEW.`key` >> 12), (3, NEW.`key` >> 18), (4, 0)) WHERE true
  ON CONFLICT DO UPDATE SET `rows` = `rows` + excluded.`rows`;
END;
--> statement-breakpoint
-- What is there already, a block of level 1 at a time.
INSERT INTO `user_tally` SELECT `seq`, `role`, `state`, count(*) FROM `users` GROUP BY `seq` >> 6, `role`, `state`;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'tasks', -(`created_at` >> 12), count(*) FROM `tasks` GROUP BY -(`created_at` >> 12) >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'notifications', -(`created_at` >> 12), count(*) FROM `notifications` GROUP BY -(`created_at` >> 12) >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'notifications.open', -(`created_at` >> 12), count(*) FROM `notifications` WHERE NOT `acknowledged` GROUP BY -(`created_at` >> 12) >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'jobs', -`id`, count(*) FROM `jobs` GROUP BY -`id` >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'jobs.' || `status`, -`id`, count(*) FROM `jobs` GROUP BY `status`, -`id` >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'fleet_tasks', -`id`, count(*) FROM `fleet_tasks` GROUP BY -`id` >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'groups', `seq`, count(*) FROM `groups` GROUP BY `seq` >> 6;
--> statement-breakpoint
INSERT INTO `row_tally` SELECT 'api_keys', `seq`, count(*) FROM `api_keys` GROUP BY `seq` >> 6;
--> statement-breakpoint
CREATE TRIGGER `users_counted_in` AFTER INSERT ON `users` BEGIN
  INSERT INTO `user_tally` VALUES (NEW.`seq`, NEW.`role`, NEW.`state`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `users_recounted` AFTER UPDATE OF `role`, `state` ON `users`
WHEN NEW.`role` <> OLD.`role` OR NEW.`state` <> OLD.`state` BEGIN
  INSERT INTO `user_tally` VALUES (OLD.`seq`, OLD.`role`, OLD.`state`, -1), (NEW.`seq`, NEW.`role`, NEW.`state`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `users_protected_from_deletion` BEFORE DELETE ON `users`
WHEN OLD.`bootstrap` OR (OLD.`role` = 'ADMIN' AND OLD.`state` = 'active' AND (SELECT `active_admins` FROM `user_counts` WHERE `level` = 4) <= 1)
BEGIN
  SELECT RAISE(ABORT, 'protected administrator');
END;
--> statement-breakpoint
CREATE TRIGGER `users_protected_from_demotion` BEFORE UPDATE OF `role`, `state` ON `users`
WHEN OLD.`role` = 'ADMIN' AND OLD.`state` = 'active' AND (NEW.`role` <> 'ADMIN' OR NEW.`state` <> 'active')
  AND (OLD.`bootstrap` OR (SELECT `active_admins` FROM `user_counts` WHERE `level` = 4) <= 1)
BEGIN
  SELECT RAISE(ABORT, 'protected administrator');
END;
--> statement-breakpoint
CREATE TRIGGER `users_deleted` AFTER DELETE ON `users` BEGIN
  INSERT INTO `user_tally` VALUES (OLD.`seq`, OLD.`role`, OLD.`state`, -1);
  INSERT INTO `deleted_users` (`seq`, `id`, `name`, `email`, `created_at`, `deleted_at`)
  VALUES (OLD.`seq`, OLD.`id`, OLD.`name`, OLD.`email`, OLD.`created_at`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_counted_in` AFTER INSERT ON `tasks` BEGIN
  INSERT INTO `row_tally` VALUES ('tasks', -(NEW.`created_at` >> 12), 1);
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_counted_out` AFTER DELETE ON `tasks` BEGIN
  INSERT INTO `row_tally` VALUES ('tasks', -(OLD.`created_at` >> 12), -1);
END;
--> statement-breakpoint
CREATE TRIGGER `notifications_counted_in` AFTER INSERT ON `notifications` BEGIN
  INSERT INTO `row_tally` VALUES ('notifications', -(NEW.`created_at` >> 12), 1), ('notifications.open', -(NEW.`created_at` >> 12), NOT NEW.`acknowledged`);
END;
--> statement-breakpoint
CREATE TRIGGER `notifications_recounted` AFTER UPDATE OF `acknowledged` ON `notifications` WHEN NEW.`acknowledged` <> OLD.`acknowledged` BEGIN
  INSERT INTO `row_tally` VALUES ('notifications.open', -(NEW.`created_at` >> 12), OLD.`acknowledged` - NEW.`acknowledged`);
END;
--> statement-breakpoint
CREATE TRIGGER `notifications_counted_out` AFTER DELETE ON `notifications` BEGIN
  INSERT INTO `row_tally` VALUES ('notifications', -(OLD.`created_at` >> 12), -1), ('notifications.open', -(OLD.`created_at` >> 12), -(NOT OLD.`acknowledged`));
END;
--> statement-breakpoint
CREATE TRIGGER `jobs_counted_in` AFTER INSERT ON `jobs` BEGIN
  INSERT INTO `row_tally` VALUES ('jobs', -NEW.`id`, 1), ('jobs.' || NEW.`status`, -NEW.`id`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `jobs_recounted` AFTER UPDATE OF `status` ON `jobs` WHEN NEW.`status` <> OLD.`status` BEGIN
  INSERT INTO `row_tally` VALUES ('jobs.' || OLD.`status`, -OLD.`id`, -1), ('jobs.' || NEW.`status`, -NEW.`id`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `jobs_counted_out` AFTER DELETE ON `jobs` BEGIN
  INSERT INTO `row_tally` VALUES ('jobs', -OLD.`id`, -1), ('jobs.' || OLD.`status`, -OLD.`id`, -1);
END;
--> statement-breakpoint
CREATE TRIGGER `fleet_tasks_counted_in` AFTER INSERT ON `fleet_tasks` BEGIN
  INSERT INTO `row_tally` VALUES ('fleet_tasks', -NEW.`id`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `fleet_tasks_counted_out` AFTER DELETE ON `fleet_tasks` BEGIN
  INSERT INTO `row_tally` VALUES ('fleet_tasks', -OLD.`id`, -1);
END;
--> statement-breakpoint
CREATE TRIGGER `groups_counted_in` AFTER INSERT ON `groups` BEGIN
  INSERT INTO `row_tally` VALUES ('groups', NEW.`seq`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `groups_counted_out` AFTER DELETE ON `groups` BEGIN
  INSERT INTO `row_tally` VALUES ('groups', OLD.`seq`, -1);
END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_counted_in` AFTER INSERT ON `api_keys` BEGIN
  INSERT INTO `row_tally` VALUES ('api_keys', NEW.`seq`, 1);
END;
--> statement-breakpoint
CREATE TRIGGER `api_keys_counted_out` AFTER DELETE ON `api_keys` BEGIN
  INSERT INTO `row_tally` VALUES ('api_keys', OLD.`seq`, -1);
END;
--> statement-breakpoint
CREATE INDEX `notifications_open_errors` ON `notifications` (`error`,`created_at`) WHERE "notifications"."error" = 1 and "notifications"."acknowledged" = 0;
--> statement-breakpoint
DROP INDEX `tasks_newest`;
--> statement-breakpoint
CREATE INDEX `tasks_newest` ON `tasks` ("created_at" desc,`id`,`type`,`project_id`,`approved`,`completed`,`cancelled`,`pending_until`);
