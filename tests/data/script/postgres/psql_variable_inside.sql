CREATE TABLE kept (id int DEFAULT :first);
