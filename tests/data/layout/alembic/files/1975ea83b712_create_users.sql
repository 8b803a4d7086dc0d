INSERT INTO users (name) VALUES ('read by its step, and no revision');
