use dunlin_dsl::ErrorKind;

use super::*;

#[tokio::test]
async fn bad_urls_are_refused() {
    let error = connect("oracle://u:secret@h/d").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadUrl);
    assert!(!error.to_string().contains("secret"));
}

#[cfg(not(feature = "postgres"))]
#[tokio::test]
async fn a_missing_driver_names_its_feature() {
    let error = connect("postgres://u:secret@h/d").await.unwrap_err();
    assert_eq!(error.message, "this build can't connect to PostgreSQL: its cargo feature `postgres` is off");
}
