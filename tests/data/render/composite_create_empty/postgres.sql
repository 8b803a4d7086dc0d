CREATE TYPE "address" AS ();
