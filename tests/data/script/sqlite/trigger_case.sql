CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, kind TEXT);
CREATE TABLE log (what TEXT, at TEXT);
CREATE TRIGGER accounts_log AFTER UPDATE OF balance ON accounts
FOR EACH ROW WHEN CASE WHEN NEW.balance > 0 THEN 1 ELSE 0 END
BEGIN
  INSERT INTO log VALUES (CASE NEW.kind WHEN 'a;b' THEN 'x' ELSE 'y' END, 'now');
  UPDATE accounts SET kind = CASE WHEN balance > 10 THEN 'rich' ELSE CASE WHEN balance > 1 THEN 'ok' ELSE 'poor' END END;
  SELECT CASE WHEN NEW.balance < 0 THEN RAISE(ABORT, 'END;') END;
END;
INSERT INTO accounts VALUES (1, 5, 'a');
UPDATE accounts SET balance = 6
