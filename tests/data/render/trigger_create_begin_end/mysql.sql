CREATE TRIGGER `keep_log` BEFORE UPDATE ON `users` FOR EACH ROW BEGIN
  IF NEW.age > 150 THEN
    SET NEW.age = 150;
  END IF;
  INSERT INTO log (what) VALUES (concat(OLD.email, ' -> ', NEW.email));
END;
