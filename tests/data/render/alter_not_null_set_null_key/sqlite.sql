ALTER TABLE "posts" ALTER "user_id" SET NOT NULL;
