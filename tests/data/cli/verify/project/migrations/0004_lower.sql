UPDATE users SET email = upper(email);
-- dunlin: down
