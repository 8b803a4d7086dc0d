CREATE DATABASE dunlin_scratch_script TEMPLATE template0 ENCODING 'UTF8';
ALTER DATABASE dunlin_scratch_script SET TABLESPACE pg_default;
DROP DATABASE dunlin_scratch_script;
