CREATE TYPE "audit"."mood" AS ENUM ('sad', 'ok', 'happy');
