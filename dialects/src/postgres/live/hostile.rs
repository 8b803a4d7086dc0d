//! Names and texts that try to break out of their quotes, for every kind.

use dunlin_dsl::{
    Argument, ArgumentMode, Attribute, Check, Collation, Composite, Definition, Domain, EnumType, Existing,
    Expr, MaterializedView, Namespace, OwnedBy, Parallel, Returns, Routine, Sequence, View, Volatility, sql,
};

use super::*;

/// An object of every kind, whose names and texts are all the same; each needs those before it.
fn every_kind(name: &str, schema: &str) -> Vec<Object> {
    let quoted = format!("\"{}\"", name.replace('"', "\"\""));
    let ty = ColumnType::Native(format!("\"{schema}\".{quoted}"));
    let attribute = Attribute { name: name.into(), ty: text(), collation: None, comment: Some(name.into()) };
    let owned_by = Some(OwnedBy { table: "t".into(), column: "c".into() });
    let routine = Routine {
        args: vec![
            Argument {
                name: name.into(),
                ty: text(),
                mode: ArgumentMode::In,
                default: Some(Expr::from(name)),
            },
            Argument { name: "e".into(), ty, mode: ArgumentMode::In, default: Some(sql("NULL")) },
        ],
        returns: Some(Returns::Table(vec![(format!("{name}1"), text())])),
        language: None,
        body: sql(format!("SELECT '{}'::text", name.replace('\'', "''"))),
        volatility: Volatility::default(),
        strict: false,
        leakproof: false,
        parallel: Parallel::default(),
        security: None,
        cost: None,
        rows: None,
        settings: [("my.own".to_owned(), name.to_owned())].into(),
        support: None,
        data_access: None,
    };
    let query = format!("SELECT c AS {quoted} FROM t");
    let view = View {
        query: sql(query.clone()),
        columns: vec![name.into()],
        check_option: None,
        security: None,
        security_barrier: false,
        algorithm: None,
        defaults: [(name.to_owned(), Expr::from(name))].into(),
        column_comments: [(name.to_owned(), name.to_owned())].into(),
    };
    let materialized = MaterializedView {
        query: sql(query),
        columns: vec![name.into()],
        indexes: Vec::new(),
        no_data: false,
        storage: Default::default(),
        tablespace: None,
        access_method: None,
        cluster: None,
        column_options: Default::default(),
        column_comments: [(name.to_owned(), name.to_owned())].into(),
    };
    let check = Check::new(name.into(), Expr::Sql(format!("VALUE <> '{}'", name.replace('\'', "''"))));
    let domain = Domain {
        ty: text(),
        collation: None,
        not_null: false,
        default: Some(Expr::from(name)),
        checks: vec![check],
        check_comments: [(name.to_owned(), name.to_owned())].into(),
    };
    let of = |kind: fn(Name) -> ObjectId, definition| {
        let mut object = Object::new(kind(name.into()), definition);
        object.comment = Some(name.into());
        object
    };
    vec![
        of(
            ObjectId::collation,
            Definition::Collation(Collation { locale: "C".into(), ..Collation::default() }),
        ),
        of(ObjectId::enumeration, Definition::Enum(EnumType { values: vec![name.into(), "x".into()] })),
        of(
            |name| ObjectId::composite(name.sibling(format!("{}c", name.name))),
            Definition::Composite(Composite { attributes: vec![attribute] }),
        ),
        of(|name| ObjectId::domain(name.sibling(format!("{}d", name.name))), Definition::Domain(domain)),
        of(ObjectId::any_function, Definition::Function(routine.clone())),
        of(
            |name| ObjectId::any_procedure(name.sibling(format!("{}p", name.name))),
            Definition::Procedure(Routine { returns: None, ..routine }),
        ),
        of(
            |name| ObjectId::sequence(name.sibling(format!("{}s", name.name))),
            Definition::Sequence(Sequence { owned_by, ..Sequence::default() }),
        ),
        of(|name| ObjectId::view(name.sibling(format!("{}v", name.name))), Definition::View(view)),
        of(
            |name| ObjectId::materialized_view(name.sibling(format!("{}m", name.name))),
            Definition::MaterializedView(materialized),
        ),
    ]
}

#[tokio::test]
async fn hostile_names_are_names_of_every_kind() {
    let names = [
        "a\"b",
        "a'b",
        "a\\",
        "'; DROP TABLE t; --",
        "a\nb",
        "select",
        "😀",
        "$$",
        " ",
        "{oids}{names}",
        "a,b{}",
        "Aé",
    ];
    on_servers("kinds", async |live| {
        for name in names {
            live.execute("CREATE TABLE t (c text)").await;
            let objects = every_kind(name, &live.server.schema);
            for object in &objects {
                let create = Op::CreateObject { object: object.clone(), existing: Existing::Refuse };
                live.run(&[create]).await;
                let found = live.object(object.id.clone()).await;
                // What was read back is created as it was read.
                let lowered = Postgres.lower(&super::objects([found.clone()]), &live.server).unwrap();
                assert_eq!(lowered.object(&found.id), Some(&found), "{name}");
                assert_eq!(found.comment, object.comment, "{name}");
            }
            let before = live.dump();
            for object in objects.iter().rev() {
                let id = object.id.clone();
                live.there_and_back(&[Op::RenameObject { object: id.clone(), to: format!("{name}2") }]).await;
                if id.kind != dunlin_dsl::ObjectKind::Enum {
                    live.there_and_back(&[Op::DropObject { object: id, if_exists: false, cascade: false }])
                        .await;
                }
            }
            assert_eq!(live.dump(), before, "{name}");
            for user in [4, 5] {
                let object = objects[user].id.clone();
                live.run(&[Op::DropObject { object, if_exists: false, cascade: false }]).await;
            }
            let id = objects[1].id.clone();
            live.there_and_back(&[alter(
                id.clone(),
                ObjectChange::RenameValue { value: name.into(), to: "y".into() },
            )])
            .await;
            live.there_and_back(&[alter(
                id,
                ObjectChange::AddValue { value: format!("{name}3"), position: None, if_not_exists: true },
            )])
            .await;
            let schema = live.server.schema.clone();
            live.execute("DROP TABLE t CASCADE").await;
            for object in &objects {
                live.run(&[Op::DropObject { object: object.id.clone(), if_exists: true, cascade: true }])
                    .await;
            }
            let left = live
                .value(&format!(
                    "SELECT count(*) FROM pg_class WHERE relnamespace = '{schema}'::regnamespace"
                ))
                .await;
            assert_eq!(left.as_deref(), Some("0"));
        }
        let evil = format!("{}_'\"; --", live.server.schema);
        live.run(&[Op::CreateObject {
            object: Object::new(ObjectId::schema(evil.as_str()), Definition::Schema(Namespace::default())),
            existing: Existing::Keep,
        }])
        .await;
        live.run(&[Op::DropObject {
            object: ObjectId::schema(evil.as_str()),
            if_exists: true,
            cascade: false,
        }])
        .await;
    })
    .await;
}
