ALTER TYPE "mood" SET SCHEMA "audit";
