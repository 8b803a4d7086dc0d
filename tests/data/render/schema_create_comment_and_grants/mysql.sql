CREATE DATABASE `dunlin_case_audit` CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
GRANT CREATE, USAGE ON `dunlin\_case\_audit`.* TO 'app'@'%' WITH GRANT OPTION;
