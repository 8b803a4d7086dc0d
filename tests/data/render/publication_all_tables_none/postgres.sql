DROP PUBLICATION "news";
CREATE PUBLICATION "news" FOR TABLE "users" WITH (publish_via_partition_root = true);
