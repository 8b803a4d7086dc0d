ALTER TYPE "address" SET SCHEMA "audit";
