CREATE DATABASE `dunlin_case_audit` CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
