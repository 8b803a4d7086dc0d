REVOKE SELECT ON `adults` FROM `app`;
DROP VIEW `adults`;
