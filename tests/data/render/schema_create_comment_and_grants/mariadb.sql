CREATE DATABASE `dunlin_case_audit` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci COMMENT 'Who did what';
GRANT CREATE, USAGE ON `dunlin\_case\_audit`.* TO `app` WITH GRANT OPTION;
