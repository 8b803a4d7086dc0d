CREATE TABLE t (id INT);
# naïve
SELECT 1;
