SELECT JSON_OBJECT('a':1, 'b':'c');
/* Only psql knows it. */
CREATE TABLE :"the schema".kept (id int);
