use dunlin::prelude::*;

pub struct CreatePosts;

impl Migration for CreatePosts {
    fn up(&self, op: &mut Ops) {
        op.create_table("posts").col("id", integer().primary_key()).col("title", varchar(100));
    }
}
