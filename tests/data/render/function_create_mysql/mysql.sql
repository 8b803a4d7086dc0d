CREATE FUNCTION `label`(`n` int, `what` varchar(50)) RETURNS varchar(100) DETERMINISTIC READS SQL DATA SQL SECURITY INVOKER COMMENT 'It''s a label'
BEGIN
  DECLARE text VARCHAR(100);
  SELECT concat(n, '. ', what) INTO text;
  RETURN text;
END;
GRANT EXECUTE ON FUNCTION `label` TO 'app'@'localhost';
