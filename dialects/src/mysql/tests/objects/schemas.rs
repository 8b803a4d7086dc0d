//! Schemas, which are databases.

use dunlin_dsl::{Definition, Namespace, NamespaceChange, ObjectChange, ObjectId, Op, reverse_all};

use super::{alter, create, creates, drop, is_mariadb, on_both, refused, rename, run, there_and_back};

#[tokio::test]
async fn schemas_there_and_back() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let name = format!("dun`lin {} {:?}", std::process::id(), server.dialect);
        conn.execute(&format!("DROP DATABASE IF EXISTS `{}`", name.replace('`', "``"))).await.unwrap();
        let id = ObjectId::schema(name.as_str());
        let what = format!("DATABASE `{}`", name.replace('`', "``"));
        creates(conn, &create(id.clone(), Definition::Schema(Namespace::default())), &what).await;
        run(conn, &[drop(&id)]).await;
        let latin = Namespace { charset: Some("latin1".into()), collation: Some("latin1_bin".into()) };
        creates(conn, &create(id.clone(), Definition::Schema(latin)), &what).await;
        for change in [
            NamespaceChange::Collation(Some("latin1_swedish_ci".into())),
            NamespaceChange::Collation(None),
            NamespaceChange::Collation(Some("utf8mb4_bin".into())),
        ] {
            if matches!(change, NamespaceChange::Collation(None)) {
                continue;
            }
            there_and_back(conn, &what, &[alter(&id, ObjectChange::Schema(change))]).await;
        }
        let comment = alter(&id, ObjectChange::Comment(Some("it's".into())));
        if is_mariadb(conn, &server) {
            there_and_back(conn, &what, &[comment]).await;
        } else {
            // There is no place for it.
            let undo = run(conn, &[comment]).await;
            run(conn, &undo).await;
            let database = format!("ALTER {what} DEFAULT ENCRYPTION");
            conn.execute(&format!("{database} 'Y'")).await.unwrap();
            let ids = std::slice::from_ref(&id);
            let read = dunlin_dsl::Dialect::introspect(&crate::mysql::Mysql, conn, ids).await.unwrap();
            let error = reverse_all(&[drop(&id)], &read).unwrap_err().to_string();
            assert!(error.contains("DEFAULT ENCRYPTION YES, unlike its server"), "{error}");
            conn.execute(&format!("{database} 'N'")).await.unwrap();
        }
        let error = refused(conn, &[rename(&id, "other")]).await;
        assert!(error.ends_with("renames no schemas"), "{error}");
        let table = format!("CREATE TABLE `{}`.t (id int)", name.replace('`', "``"));
        conn.execute(&table).await.unwrap();
        let error = refused(conn, &[drop(&id)]).await;
        assert!(error.ends_with(".t depends on it"), "{error}");
        let cascade = Op::DropObject { object: id.clone(), if_exists: false, cascade: true };
        let before = dunlin_dsl::Dialect::introspect(&crate::mysql::Mysql, conn, std::slice::from_ref(&id))
            .await
            .unwrap();
        for statement in
            dunlin_dsl::Dialect::render(&crate::mysql::Mysql, &[cascade], &before, &server).unwrap()
        {
            assert_eq!(statement.hazards.len(), 1);
            conn.execute(&statement.sql).await.unwrap();
        }
    })
    .await;
}
