-- The counts that the list of users pages by: one row a block of 1024 users in order of creation, and their sum as block -1.
INSERT INTO `user_counts` (`block`) VALUES (-1);
--> statement-breakpoint
CREATE TRIGGER `users_counted_in` AFTER INSERT ON `users` BEGIN
  INSERT INTO `user_counts` (`block`) VALUES (NEW.`seq` >> 10) ON CONFLICT DO NOTHING;
  UPDATE `user_counts` SET
    `active_admins` = `active_admins` + (NEW.`role` = 'ADMIN' AND NEW.`state` = 'active'),
    `inactive_admins` = `inactive_admins` + (NEW.`role` = 'ADMIN' AND NEW.`state` = 'inactive'),
    `active_users` = `active_users` + (NEW.`role` = 'USER' AND NEW.`state` = 'active'),
    `inactive_users` = `inactive_users` + (NEW.`role` = 'USER' AND NEW.`state` = 'inactive')
  WHERE `block` IN (-1, NEW.`seq` >> 10);
END;
--> statement-breakpoint
CREATE TRIGGER `users_recounted` AFTER UPDATE OF `role`, `state` ON `users` BEGIN
  UPDATE `user_counts` SET
    `active_admins` = `active_admins` + (NEW.`role` = 'ADMIN' AND NEW.`state` = 'active') - (OLD.`role` = 'ADMIN' AND OLD.`state` = 'active'),
    `inactive_admins` = `inactive_admins` + (NEW.`role` = 'ADMIN' AND NEW.`state` = 'inactive') - (OLD.`role` = 'ADMIN' AND OLD.`state` = 'inactive'),
    `active_users` = `active_users` + (NEW.`role` = 'USER' AND NEW.`state` = 'active') - (OLD.`role` = 'USER' AND OLD.`state` = 'active'),
    `inactive_users` = `inactive_users` + (NEW.`role` = 'USER' AND NEW.`state` = 'inactive') - (OLD.`role` = 'USER' AND OLD.`state` = 'inactive')
  WHERE `block` IN (-1, NEW.`seq` >> 10);
END;
--> statement-breakpoint
-- Whom nobody may take away: the bootstrap administrator and the last active one, whichever dialect asks.
CREATE TRIGGER `users_protected_from_deletion` BEFORE DELETE ON `users`
WHEN OLD.`bootstrap` OR (OLD.`role` = 'ADMIN' AND OLD.`state` = 'active' AND (SELECT `active_admins` FROM `user_counts` WHERE `block` = -1) <= 1)
BEGIN
  SELECT RAISE(ABORT, 'protected administrator');
END;
--> statement-breakpoint
CREATE TRIGGER `users_protected_from_demotion` BEFORE UPDATE OF `role`, `state` ON `users`
WHEN OLD.`role` = 'ADMIN' AND OLD.`state` = 'active' AND (NEW.`role` <> 'ADMIN' OR NEW.`state` <> 'active')
  AND (OLD.`bootstrap` OR (SELECT `active_admins` FROM `user_counts` WHERE `block` = -1) <= 1)
BEGIN
  SELECT RAISE(ABORT, 'protected administrator');
END;
--> statement-breakpoint
-- The permission `*` and the role ADMIN are one thing: who loses the role loses the permission.
CREATE TRIGGER `users_demoted` AFTER UPDATE OF `role` ON `users` WHEN NEW.`role` = 'USER' BEGIN
  DELETE FROM `permissions` WHERE `user_id` = NEW.`id` AND `permission` = '*';
END;
--> statement-breakpoint
-- A deleted user leaves the counts and a tombstone.
CREATE TRIGGER `users_deleted` AFTER DELETE ON `users` BEGIN
  UPDATE `user_counts` SET
    `active_admins` = `active_admins` - (OLD.`role` = 'ADMIN' AND OLD.`state` = 'active'),
    `inactive_admins` = `inactive_admins` - (OLD.`role` = 'ADMIN' AND OLD.`state` = 'inactive'),
    `active_users` = `active_users` - (OLD.`role` = 'USER' AND OLD.`state` = 'active'),
    `inactive_users` = `inactive_users` - (OLD.`role` = 'USER' AND OLD.`state` = 'inactive')
  WHERE `block` IN (-1, OLD.`seq` >> 10);
  INSERT INTO `deleted_users` (`seq`, `id`, `name`, `email`, `created_at`, `deleted_at`)
  VALUES (OLD.`seq`, OLD.`id`, OLD.`name`, OLD.`email`, OLD.`created_at`, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
