UPDATE users SET state = 'old';
