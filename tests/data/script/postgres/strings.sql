SELECT E'it\'s; \\', e'\\'; SELECT 'back\', ';';
SELECT U&'\0041;', U&"d\0061ta;" FROM (SELECT 1 AS "data;") AS s;
SELECT B'101', X'3B', N'n;', 'one'
  'two;', E'\x3b\'', 'E''';
SELECT "a""b;" FROM (SELECT 1 AS "a""b;") AS s;
