CREATE VIEW `productive` AS SELECT u.email, count(*) AS posts
FROM users u
JOIN posts p ON p.user_id = u.id
GROUP BY u.email
HAVING count(*) > 10;
