//! Enums, composite types and domains.

use dunlin_dsl::{
    Attribute, Check, Composite, Definition, Domain, DomainChange, EnumType, Expr, ObjectChange,
    ValuePosition, sql,
};

use super::*;

fn mood(values: &[&str]) -> Object {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Object::new(ObjectId::enumeration("mood"), Definition::Enum(EnumType { values }))
}

#[tokio::test]
async fn enums_go_there_and_back() {
    on_servers("enums", async |live| {
        let mut object = mood(&["sad", "it's", "ok"]);
        object.comment = Some("how one \\ feels".into());
        live.create(&objects([object])).await;
        let id = || ObjectId::enumeration("mood");
        let add = |value: &str, position| {
            alter(id(), ObjectChange::AddValue { value: value.into(), position, if_not_exists: false })
        };
        live.exactly(&[alter(id(), ObjectChange::RenameValue { value: "ok".into(), to: "o'k".into() })]).await;
        live.exactly(&[alter(id(), ObjectChange::Comment(None))]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "Mood \"2\"".into() }]).await;
        live.exactly(&[add("new", None)]).await;
        live.exactly(&[add("first", Some(ValuePosition::Before("sad".into())))]).await;
        live.exactly(&[add("mid", Some(ValuePosition::After("sad".into())))]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        // Values go where columns have none of them, with arrays, defaults and keys.
        live.execute(
            "CREATE TABLE t (a mood PRIMARY KEY DEFAULT 'ok', b mood[] DEFAULT '{sad,ok}', c text); \
             CREATE INDEX i ON t (b); INSERT INTO t VALUES ('ok', '{it''s,sad}')",
        )
        .await;
        live.exactly(&[add("again", None)]).await;
        live.exactly(&[add("again", Some(ValuePosition::After("sad".into())))]).await;
        live.exactly(&[alter(id(), ObjectChange::Definition(Box::new(mood(&["ok", "it's", "sad"]).definition)))])
            .await;
        live.execute("UPDATE t SET b = '{sad}'").await;
        live.exactly(&[alter(id(), ObjectChange::DropValue { value: "it's".into() })]).await;
        assert_eq!(live.value("SELECT a || b::text FROM t").await.as_deref(), Some("ok{sad}"));
        live.execute("CREATE VIEW v AS SELECT a FROM t").await;
        let drop = alter(id(), ObjectChange::DropValue { value: "it's".into() });
        assert_eq!(
            live.refusal(&[drop]).await,
            format!(
                "can't alter values of enum mood: {} can only put a new type into the place of the old one, and view v stands on that",
                live.server
            )
        );
    })
    .await;
}

/// The columns of partitions and heirs are their parents', and so are the defaults that came from these.
#[tokio::test]
async fn values_go_from_partitions_too() {
    on_servers("enum_parts", async |live| {
        live.create(&objects([mood(&["a", "b"])])).await;
        live.execute(
            "CREATE TABLE t (id int, m mood DEFAULT 'a') PARTITION BY RANGE (id); \
             CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10); CREATE TABLE t2 PARTITION OF t DEFAULT; \
             CREATE TABLE p (m mood DEFAULT 'a'); CREATE TABLE h (x int) INHERITS (p)",
        )
        .await;
        live.exactly(&[alter(ObjectId::enumeration("mood"), ObjectChange::DropValue { value: "b".into() })]).await;
    })
    .await;
}

#[tokio::test]
async fn composites_go_there_and_back() {
    on_servers("composites", async |live| {
        let attribute = |name: &str, ty| Attribute { name: name.into(), ty, collation: None, comment: None };
        let id = || ObjectId::composite("A \"point\"");
        let of = Composite {
            attributes: vec![
                attribute("x", integer()),
                attribute("select", ColumnType::Varchar(7)),
                Attribute { collation: Some("C".into()), ..attribute("t", text()) },
            ],
        };
        live.create(&objects([Object::new(id(), Definition::Composite(of.clone()))])).await;
        live.exactly(&[alter(id(), ObjectChange::AddAttribute(attribute("z", big())))]).await;
        live.exactly(&[alter(id(), ObjectChange::DropAttribute { name: "t".into() })]).await;
        live.exactly(&[alter(
            id(),
            ObjectChange::RenameAttribute { name: "select".into(), to: "Se lect".into() },
        )])
        .await;
        live.exactly(&[alter(id(), ObjectChange::AttributeType { name: "x".into(), to: big() })]).await;
        live.exactly(&[alter(id(), ObjectChange::Comment(Some("c".into())))]).await;
        let mut turned = of.clone();
        turned.attributes.reverse();
        let turned = ObjectChange::Definition(Box::new(Definition::Composite(turned)));
        live.exactly(&[alter(id(), turned.clone())]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "user".into() }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: true, cascade: false }]).await;
        live.create(&objects([Object::new(ObjectId::composite("none"), Definition::Composite(Composite::default()))]))
            .await;
        live.execute("CREATE TABLE t (p \"A \"\"point\"\"\"[])").await;
        assert_eq!(
            live.refusal(&[alter(id(), turned)]).await,
            format!(
                "can't alter definition of composite type A \"point\": {} can only drop it and create it anew, and column t.p stands on it",
                live.server
            )
        );
    })
    .await;
}

#[tokio::test]
async fn domains_go_there_and_back() {
    on_servers("domains", async |live| {
        let id = || ObjectId::domain("e mail");
        let check = |name: &str, expr: &str| Check::new(name.into(), sql(expr));
        let of = Domain {
            ty: ColumnType::Varchar(20),
            collation: Some("C".into()),
            not_null: true,
            default: Some(Expr::from("a'@b")),
            checks: vec![check("z", "(VALUE)::text ~~ '%@%'::text"), check("a", "(VALUE)::text <> ''::text")],
            check_comments: [("z".into(), "it's one".into())].into(),
        };
        let mut object = Object::new(id(), Definition::Domain(of.clone()));
        object.comment = Some("an address".into());
        live.create(&objects([object])).await;
        live.execute("CREATE TABLE t (a \"e mail\"); INSERT INTO t DEFAULT VALUES").await;
        live.exactly(&[alter(id(), ObjectChange::Domain(DomainChange::NotNull(false)))]).await;
        live.exactly(&[alter(id(), ObjectChange::Domain(DomainChange::Default(None)))]).await;
        live.exactly(&[alter(id(), ObjectChange::Domain(DomainChange::Default(Some("x@y".into()))))]).await;
        live.exactly(&[alter(id(), ObjectChange::DropCheck { name: "z".into() })]).await;
        live.exactly(&[alter(id(), ObjectChange::AddCheck(check("B", "length((VALUE)::text) > 1")))]).await;
        live.exactly(&[alter(id(), ObjectChange::RenameCheck { name: "z".into(), to: "Z z".into() })]).await;
        let other = Domain { ty: text(), ..of };
        let other = ObjectChange::Definition(Box::new(Definition::Domain(other)));
        assert!(live.refusal(&[alter(id(), other.clone())]).await.ends_with("and column t.a stands on it"));
        live.execute("DROP TABLE t").await;
        live.exactly(&[alter(id(), ObjectChange::Domain(DomainChange::NotNull(false)))]).await;
        live.execute("ALTER DOMAIN \"e mail\" DROP NOT NULL").await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "É".into() }]).await;
    })
    .await;
}
