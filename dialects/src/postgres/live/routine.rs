//! Functions and procedures.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Argument, ArgumentMode, Definition, Existing, Expr, Float, Parallel, Returns, Routine, RoutineChange,
    Security, Volatility, sql,
};

use super::*;

fn routine(args: Vec<Argument>, returns: Option<Returns>, language: &str, body: &str) -> Routine {
    Routine {
        args,
        returns,
        language: Some(language.into()),
        body: sql(body),
        volatility: Volatility::default(),
        strict: false,
        leakproof: false,
        parallel: Parallel::default(),
        security: None,
        cost: None,
        rows: None,
        settings: BTreeMap::new(),
        support: None,
        data_access: None,
    }
}

fn arg(name: &str, ty: ColumnType) -> Argument {
    Argument { name: name.into(), ty, mode: ArgumentMode::In, default: None }
}

#[tokio::test]
async fn functions_go_there_and_back() {
    on_servers("functions", async |live| {
        let settings = [
            ("search_path", "\"A b\", pg_catalog"),
            ("Work_Mem", "64MB"),
            ("my.own", "it's"),
            ("timezone", "UTC"),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let all = Routine {
            volatility: Volatility::Stable,
            strict: true,
            leakproof: true,
            parallel: Parallel::Safe,
            security: Some(Security::Definer),
            cost: Some(Float(7.25)),
            rows: Some(Float(0.1)),
            settings: settings.into(),
            ..routine(
                vec![
                    arg("", integer()),
                    arg("Two 2", ColumnType::Varchar(9)),
                    Argument { default: Some(Expr::from("x'y")), ..arg("c", text()) },
                    Argument {
                        mode: ArgumentMode::Variadic,
                        ..arg("select", ColumnType::Array(Box::new(big())))
                    },
                ],
                Some(Returns::SetOf(text())),
                "plpgsql",
                "BEGIN\n  RETURN QUERY SELECT '$$ $body$ \\ é'::text; -- $\nEND$",
            )
        };
        let all = Routine {
            args: {
                let mut args = all.args.clone();
                args[2].default = None;
                args
            },
            ..all
        };
        let id = || ObjectId::any_function("Do \"it\"");
        let mut object = Object::new(id(), Definition::Function(all.clone()));
        object.comment = Some("c".into());
        live.execute("SET check_function_bodies = off").await;
        let lowered = Postgres.lower(&objects([object.clone()]), &live.server).unwrap();
        live.create(&lowered).await;
        let change = |change| [alter(id(), ObjectChange::Routine(change))];
        live.exactly(&change(RoutineChange::Volatility(Volatility::Immutable))).await;
        live.exactly(&change(RoutineChange::Strict(false))).await;
        live.exactly(&change(RoutineChange::Leakproof(false))).await;
        live.exactly(&change(RoutineChange::Parallel(Parallel::Restricted))).await;
        live.exactly(&change(RoutineChange::Security(None))).await;
        live.exactly(&change(RoutineChange::Cost(None))).await;
        live.exactly(&change(RoutineChange::Rows(Some(Float(1000.0))))).await;
        let fewer = [("search_path".to_owned(), String::new())];
        live.exactly(&change(RoutineChange::Settings(fewer.into()))).await;
        live.exactly(&change(RoutineChange::Body(sql("BEGIN END")))).await;
        live.exactly(&[alter(id(), ObjectChange::Comment(None))]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "user".into() }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        let mut other = all.clone();
        other.returns = Some(Returns::Table(vec![("x".into(), integer()), ("Y y".into(), text())]));
        other.args.pop();
        other.args[2].name = "d".into();
        other.args[2].default = Some(Expr::from("z"));
        let same_args = Routine { args: all.args.clone(), ..other.clone() };
        live.exactly(&[alter(id(), ObjectChange::Definition(Box::new(Definition::Function(same_args))))])
            .await;
        let plain = Object::new(
            id(),
            Definition::Function(Routine {
                args: all.args.clone(),
                ..routine(vec![], Some(Returns::SetOf(text())), "sql", "SELECT 'a'")
            }),
        );
        live.exactly(&[Op::CreateObject { object: plain, existing: Existing::Replace }]).await;
        let overloaded = Object::new(id(), Definition::Function(other));
        live.create(&Postgres.lower(&objects([overloaded]), &live.server).unwrap()).await;
        let found = live.read(&[id()]).await;
        assert_eq!(found.objects.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn every_form_of_routine_is_found() {
    on_servers("routines", async |live| {
        let out = |name: &str, ty| Argument { mode: ArgumentMode::Out, ..arg(name, ty) };
        let functions = [
            ("nothing", routine(vec![], None, "SQL", "SELECT 1")),
            ("outs", routine(vec![arg("a", integer()), out("b", text()), out("c", integer())], None, "sql", "SELECT 'x', a")),
            ("inout", routine(vec![Argument { mode: ArgumentMode::InOut, ..arg("a", integer()) }], Some(Returns::Type(integer())), "sql", "SELECT 1")),
            ("sets", routine(vec![out("a", integer()), out("b", integer())], Some(Returns::SetOf(ColumnType::Native("record".into()))), "sql", "SELECT 1, 2")),
            ("triggers", routine(vec![], Some(Returns::Type(ColumnType::Native("trigger".into()))), "plpgsql", "BEGIN RETURN NEW; END")),
            ("defaults", routine(vec![Argument { default: Some(Expr::from(5)), ..arg("a", integer()) }, Argument { default: Some(Expr::from("it's")), ..arg("b", ColumnType::Varchar(3)) }], Some(Returns::Type(ColumnType::Char(4))), "sql", "SELECT 'a'")),
            ("standard", routine(vec![arg("a", integer())], Some(Returns::Type(integer())), "sql", "RETURN (a + 1)")),
            ("atomic", routine(vec![], Some(Returns::Type(integer())), "sql", "BEGIN ATOMIC\n SELECT 1;\nEND")),
        ];
        let functions = functions.map(|(name, of)| Object::new(ObjectId::any_function(name), Definition::Function(of)));
        let procedure = routine(vec![Argument { mode: ArgumentMode::InOut, ..arg("a", integer()) }, out("b", text())], None, "plpgsql", "BEGIN a := 1; END");
        let procedure = Object::new(ObjectId::any_procedure("Go"), Definition::Procedure(procedure));
        let lowered = Postgres.lower(&objects(functions.into_iter().chain([procedure])), &live.server).unwrap();
        live.create(&lowered).await;
        for id in lowered.objects.keys() {
            live.exactly(&[Op::DropObject { object: id.clone(), if_exists: false, cascade: false }]).await;
            live.exactly(&[Op::RenameObject { object: id.clone(), to: "a'b".into() }]).await;
            live.exactly(&[alter(id.clone(), ObjectChange::Comment(Some("x".into())))]).await;
        }
        live.execute(
            "CREATE TABLE t (a int DEFAULT \"atomic\"(), b int GENERATED ALWAYS AS (1) STORED, CHECK (standard(a) > 0)); \
             CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION triggers()",
        )
        .await;
        let on = async |live: &mut Live, name: &str| {
            let object = live.object(ObjectId::any_function(name)).await;
            object.notes.dependents.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(on(live, "atomic").await, ["column t.a"]);
        assert_eq!(on(live, "standard").await, ["check t_a_check of table t"]);
        assert_eq!(on(live, "triggers").await, ["trigger tr on t"]);
        let drop = Op::DropObject { object: ObjectId::any_function("triggers"), if_exists: false, cascade: false };
        assert!(live.refusal(&[drop]).await.contains("trigger tr on t depends on it"));
    })
    .await;
}

/// A name that several functions have is none of them, whatever is to be done.
#[tokio::test]
async fn one_of_several_must_be_said() {
    on_servers("several", async |live| {
        live.execute(
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; \
             CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 2'",
        )
        .await;
        let id = || ObjectId::any_function("f");
        let read = live.read(&[id()]).await;
        let ops = [
            Op::DropObject { object: id(), if_exists: false, cascade: false },
            Op::DropObject { object: id(), if_exists: true, cascade: false },
            Op::RenameObject { object: id(), to: "g".into() },
            alter(id(), ObjectChange::Comment(Some("c".into()))),
        ];
        for op in ops {
            let conflict = apply(&mut read.clone(), &op).unwrap_err();
            assert_eq!(conflict.reason, "there are function f(integer), function f(text)", "{op}");
            let instead = conflict.instead.as_deref();
            assert_eq!(instead, Some("say which by the types of its arguments"), "{op}");
        }
    })
    .await;
}
