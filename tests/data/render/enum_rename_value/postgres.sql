ALTER TYPE "mood" RENAME VALUE 'ok' TO 'all ''right''';
