CREATE TABLE boxes (id integer PRIMARY KEY);
INSERT INTO boxes VALUES (1), (2);
