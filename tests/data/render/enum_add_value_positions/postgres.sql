ALTER TYPE "mood" ADD VALUE 'angry' BEFORE 'sad';
ALTER TYPE "mood" ADD VALUE 'fine' AFTER 'ok';
