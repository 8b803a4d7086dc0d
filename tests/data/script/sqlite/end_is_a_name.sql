CREATE TABLE spans (begin INTEGER, "end" INTEGER, case_no TEXT);
CREATE TABLE copy (begin, finish);
create temp trigger spans_ai after insert on spans begin
  insert into copy (begin, finish) select new.begin, new.end as end;
  update copy set begin = begin + 1;
end;
INSERT INTO spans (begin, end) VALUES (1, 2); SELECT end FROM spans;
