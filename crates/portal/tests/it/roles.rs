//! One table of roles at each door. What somebody of the staff may do stands in the table of use cases
//! (`crates/app/tests/it/permissions/table.rs`), which is tried there on the use cases; here every form of the console is held against it, and
//! every operation of the management API that changes something. At the command line there is one role, the operator's, who may do all of
//! it: `crates/postigo/src/commands/tests.rs`.

use std::collections::HashMap;

use domain::{management, role::Staff};
use http::StatusCode;
use portal::{
    management::table::{OPERATIONS, Operation, Verb as Method},
    routes::{ROUTES, Verb},
};
use store::testkit;

use crate::routes::stage::{Stage, Who};

/// The table, as it is written.
const TABLE: &str = include_str!("../../../app/tests/it/permissions/table.rs");

/// The operations, as they are written: there each names the function that does it.
const WRITTEN: &str = include_str!("../../src/management/table.rs");

/// Where the columns of staff begin in a row, and where the operator's is and those of a program with all duties and of one that only sees.
const STAFF: usize = 5;
const OPERATOR: usize = 9;
const PROGRAM: usize = 10;
const SEES: usize = 11;

/// Each form of the console, below `/console`, with the use case it is for, as the table has it, and the operations that do the same.
const FORMS: &[(&str, &str, &[&str])] = &[
    ("/access/{request}/approve", "access::approve", &["approveAccessRequest"]),
    ("/access/{request}/reject", "access::reject", &["rejectAccessRequest"]),
    ("/access/{request}/take", "queues::take", &["takeWaiting"]),
    ("/access/{request}/leave", "queues::leave", &["leaveWaiting"]),
    ("/contracts/{contract}/activate", "contracts::set_status", &["setContractStatus"]),
    ("/contracts/{contract}/reject", "contracts::reject", &["rejectContract"]),
    ("/contracts/{contract}/suspend", "contracts::set_status", &["setContractStatus"]),
    ("/contracts/{contract}/end", "contracts::set_status", &["setContractStatus"]),
    ("/contracts/{contract}/take", "queues::take", &["takeWaiting"]),
    ("/contracts/{contract}/leave", "queues::leave", &["leaveWaiting"]),
    ("/organisations/{organisation}/suspend", "organisations::set_status", &["getStake", "setOrganisationStatus"]),
    ("/organisations/{organisation}/resume", "organisations::set_status", &["setOrganisationStatus"]),
    ("/organisations/{organisation}/customer-type", "organisations::change_customer_type", &["setCustomerType"]),
    ("/organisations/{organisation}/contracts", "contracts::link", &["createContract"]),
    ("/organisations/{organisation}/notes", "organisations::add_note", &["createNote"]),
    ("/organisations/{organisation}/notes/{note}/remove", "organisations::remove_note of another", &["deleteNote"]),
    // A program sees no pages: what stands on the customer's, it reads.
    (
        "/organisations/{organisation}/look",
        "organisations::look",
        &["getOrganisation", "listMembers", "listProjects", "listClients", "listGrants"],
    ),
    ("/organisations/{organisation}/look/end", "organisations::look_away", &[]),
    ("/projects/{project}/grants/{grant}/revoke", "access::revoke_grant", &["revokeGrant"]),
    ("/projects/{project}/customer-keys/new", "customer_keys::create in the sandbox", &["createCustomerKey"]),
    ("/projects/{project}/customer-keys/limits", "customer_keys::set_project_limits", &["setProjectKeyLimits"]),
    ("/projects/{project}/customer-keys/{child}/limits", "customer_keys::set_limits", &["setCustomerKeyLimits"]),
    ("/projects/{project}/customer-keys/{child}/suspend", "customer_keys::set_status", &["setCustomerKeyStatus"]),
    ("/projects/{project}/customer-keys/{child}/resume", "customer_keys::set_status", &["setCustomerKeyStatus"]),
    ("/projects/{project}/customer-keys/{child}/revoke", "customer_keys::set_status", &["setCustomerKeyStatus"]),
    ("/customer-types/{request}/approve", "customer_types::approve", &["approveCustomerType"]),
    ("/customer-types/{request}/reject", "customer_types::reject", &["rejectCustomerType"]),
    ("/customer-types/{request}/take", "queues::take", &["takeWaiting"]),
    ("/customer-types/{request}/leave", "queues::leave", &["leaveWaiting"]),
    ("/audit/verify", "audit::verify", &["verifyAudit"]),
    // A program reads page by page (`listAudit`) what is taken away here as a file.
    ("/audit/export", "audit::export", &[]),
    ("/keys/{environment}/rotate", "signing_keys::rotate", &["rotateSigningKeys"]),
    ("/keys/{key}/retire", "signing_keys::retire", &["retireSigningKey"]),
    ("/announcements/new", "announcements::create", &["createAnnouncement"]),
    ("/announcements/{announcement}", "announcements::change", &["changeAnnouncement"]),
    ("/announcements/{announcement}/publish", "announcements::publish", &["countAnnouncementRecipients", "publishAnnouncement"]),
    ("/announcements/{announcement}/update", "announcements::update", &["updateAnnouncement"]),
    ("/announcements/{announcement}/end", "announcements::end", &["endAnnouncement"]),
    ("/announcements/{announcement}/discard", "announcements::discard", &["discardAnnouncement"]),
    ("/policies/new", "policies::put_draft", &["putPolicies"]),
    ("/policies/{version}", "policies::put_draft", &["putPolicies"]),
    ("/policies/{version}/publish", "policies::publish", &["countPoliciesRecipients", "publishPolicies"]),
    ("/policies/{version}/discard", "policies::discard", &["discardPolicies"]),
    ("/apis/new", "catalogue::write", &["createApiDraft"]),
    ("/apis/{api}/new", "catalogue::write", &["createApiDraft"]),
    ("/apis/{api}/drafts/{number}/publish", "catalogue::publish", &["compareApiVersion", "publishApiDraft"]),
    ("/apis/{api}/drafts/{number}/discard", "catalogue::discard", &["discardApiDraft"]),
    ("/apis/{api}/drafts/{number}/again", "catalogue::write_again", &["redraftApiVersion"]),
    ("/apis/{api}/drafts/{number}/upstreams", "catalogue::upstream of no version", &["tryUpstream"]),
    ("/apis/{api}/upstreams", "catalogue::upstream which is not there", &["tryUpstream"]),
    ("/apis/{api}/rules", "catalogue::set_rules", &["setApiRules"]),
    ("/apis/{api}/deprecate", "catalogue::deprecate", &["deprecateApi"]),
    ("/apis/{api}/keep", "catalogue::keep", &["restoreApi"]),
    ("/apis/{api}/retire", "catalogue::retire", &["listApiHolders", "retireApi"]),
    ("/queues", "queues::set_targets", &["setQueueTarget"]),
    ("/queues/rules/new", "approval_rules::put", &["createApprovalRule"]),
    ("/queues/rules/{rule}", "approval_rules::put", &["changeApprovalRule"]),
    ("/queues/rules/{rule}/remove", "approval_rules::remove", &["deleteApprovalRule"]),
    ("/queues/templates/new", "reason_templates::put", &["createReasonTemplate"]),
    ("/queues/templates/{template}", "reason_templates::put", &["changeReasonTemplate"]),
    ("/queues/templates/{template}/remove", "reason_templates::remove", &["deleteReasonTemplate"]),
    ("/plans/new", "plans::put", &["putPlan"]),
    ("/plans/{plan}", "plans::put", &["putPlan"]),
    ("/plans/{plan}/remove", "plans::remove", &["deletePlan"]),
    ("/staff/invite", "staff::invite", &["inviteStaff"]),
    ("/staff/invitations/{invitation}/withdraw", "staff::withdraw", &["withdrawStaffInvitation"]),
    ("/staff/{account}", "staff::set_role", &["setStaffRole"]),
    ("/staff/{account}/remove", "staff::set_role", &["removeStaffMember"]),
];

/// Operations that change something beyond what the forms of the console do, with the use case each asks, as the table has it. Most is what
/// members do on pages of their own.
const OTHERS: &[(&str, &str)] = &[
    ("createOrganisation", "organisations::create"),
    ("renameOrganisation", "organisations::rename"),
    ("createAccessRequest", "access::request"),
    ("createApiCredential", "api_credentials::create"),
    ("revokeApiCredential", "api_credentials::revoke"),
    ("createProject", "projects::create"),
    ("renameProject", "projects::rename"),
    ("archiveProject", "projects::archive"),
    ("createClient", "clients::create in the sandbox"),
    ("createClient", "clients::create in production"),
    ("setClientRules", "clients::set_rules"),
    ("setClientStatus", "clients::set_status"),
    ("createSecret", "secrets::create"),
    ("retireSecret", "secrets::retire"),
    ("revokeSecret", "secrets::revoke"),
    ("addPublicKey", "public_keys::add"),
    ("removePublicKey", "public_keys::remove"),
    // The form says where by a field, and the table has a row for each.
    ("createCustomerKey", "customer_keys::create in production"),
    ("stopActing", "acting::stop"),
    ("stopAllActing", "acting::stop_all"),
    ("rotateCustomerKey", "customer_keys::rotate"),
    ("bindCustomerKey", "customer_keys::bind"),
    ("unbindCustomerKey", "customer_keys::unbind"),
    ("putApi", "catalogue::put"),
    ("deleteApi", "catalogue::remove"),
    // A person takes what waits; a program has no hands of its own and gives it into somebody's.
    ("takeWaiting", "queues::assign"),
    ("revokeToken", "tokens::revoke"),
];

/// Each page of the console, below `/console`, with the operations that tell what stands on it.
const PAGES: &[(&str, &[&str])] = &[
    ("", &["listQueues", "reviewSecrets"]),
    ("/access", &["listAccessRequests", "listWaiting"]),
    ("/access/{request}", &["getAccessRequest", "listProjectAccessRequests", "listReasonTemplates"]),
    ("/contracts", &["listContracts", "listWaiting"]),
    ("/contracts/{contract}", &["getContract", "listOrganisationContracts"]),
    ("/organisations", &["searchOrganisations"]),
    (
        "/organisations/{organisation}",
        &[
            "getOrganisation",
            "getOrganisationStanding",
            "listMembers",
            "listOrganisationContracts",
            "listOrganisationCustomerTypeRequests",
            "listProjects",
            "listClients",
            "listGrants",
            "getStake",
            "listDecisions",
            "listNotes",
            "listAudit",
        ],
    ),
    ("/organisations/{organisation}/suspend", &["getStake"]),
    ("/projects/{project}/grants/{grant}/revoke", &["listGrants"]),
    ("/projects/{project}/customer-keys", &["listCustomerKeys"]),
    ("/projects/{project}/customer-keys.csv", &["listCustomerKeys"]),
    ("/projects/{project}/customer-keys/new", &[]),
    ("/projects/{project}/customer-keys/limits", &["getProjectKeyLimits"]),
    ("/projects/{project}/customer-keys/{child}", &["getCustomerKey", "getCustomerKeyUsage"]),
    ("/projects/{project}/customer-keys/{child}/limits", &["getCustomerKeyLimits"]),
    ("/projects/{project}/customer-keys/{child}/revoke", &["getCustomerKey"]),
    ("/customer-types", &["listCustomerTypeRequests", "listWaiting"]),
    ("/customer-types/{request}", &["getCustomerTypeRequest", "listOrganisationCustomerTypeRequests"]),
    ("/audit", &["listAudit"]),
    ("/secrets", &["reviewSecrets", "listQuietProjects"]),
    ("/secrets/methods", &["listClientMethods"]),
    ("/keys", &["listSigningKeys", "getMasterKey"]),
    ("/keys/{key}/retire", &["listSigningKeys"]),
    ("/announcements", &["listAnnouncements"]),
    ("/announcements/new", &[]),
    ("/announcements/{announcement}", &["getAnnouncement", "countAnnouncementRecipients"]),
    ("/policies", &["listPolicies"]),
    ("/policies/new", &["getPolicies"]),
    ("/policies/acceptances", &["listPolicyAcceptances", "listAllPolicyAcceptances"]),
    ("/policies/acceptances.csv", &["listPolicyAcceptances", "listAllPolicyAcceptances"]),
    ("/policies/{version}", &["getPolicies", "countPoliciesRecipients"]),
    ("/apis", &["searchApis", "listApiDrafts"]),
    ("/apis/new", &[]),
    ("/apis/{api}", &["getApi", "getApiLife", "listApiVersions"]),
    ("/apis/{api}/new", &["getApi"]),
    ("/apis/{api}/drafts/{number}", &["getApiVersion", "compareApiVersion", "getApiVersionDocument"]),
    ("/apis/{api}/drafts/{number}/discard", &["getApiVersion"]),
    ("/apis/{api}/drafts/{number}/preview", &["getApiVersionDocument"]),
    ("/apis/{api}/drafts/{number}/preview/{operation}", &["getApiVersionDocument"]),
    ("/apis/{api}/holders.csv", &["listApiGrants"]),
    ("/apis/{api}/rules", &["getApiRules"]),
    ("/apis/{api}/deprecate", &["listApiHolders"]),
    ("/apis/{api}/retire", &["listApiHolders"]),
    ("/queues", &["listQueues", "listApprovalRules", "listReasonTemplates"]),
    ("/queues/rules/new", &[]),
    ("/queues/rules/{rule}", &["getApprovalRule"]),
    ("/queues/templates/new", &[]),
    ("/queues/templates/{template}", &["getReasonTemplate"]),
    ("/plans", &["listPlans"]),
    ("/plans/new", &[]),
    ("/plans/{plan}", &["getPlan"]),
    ("/plans/{plan}/remove", &["getPlan"]),
    ("/staff", &["listStaff", "listStaffInvitations"]),
    ("/staff/invite", &[]),
    ("/staff/{account}", &["getStaffMember"]),
    ("/staff/{account}/remove", &["getStaffMember"]),
];

/// The rows of the table, by their names.
fn rows() -> HashMap<&'static str, Vec<char>> {
    let row = |line: &'static str| {
        let mut parts = line.trim().strip_prefix('"')?.split('"');
        let (name, _, expected) = (parts.next()?, parts.next()?, parts.next()?);
        let columns: Vec<char> = expected.chars().filter(|column| *column != ' ').collect();
        (columns.len() == 12).then_some((name, columns))
    };
    TABLE.lines().filter_map(row).collect()
}

/// Who of the staff may, by the table; what is not there is nobody's to see, which is not a refusal.
fn may(rows: &HashMap<&str, Vec<char>>, case: &str) -> Vec<Staff> {
    let row = rows.get(case).unwrap_or_else(|| panic!("no row of the table is called {case}"));
    let staff = Staff::ALL.iter().copied().zip(&row[STAFF..]);
    staff.filter(|(_, column)| !matches!(column, 's' | 'f')).map(|(role, _)| role).collect()
}

/// Whose duty it takes of a program. What nobody of the staff may because it is a member's, a program does for the operator, and only the
/// administrator's duty is enough for that (`app::permission`).
fn needed(rows: &HashMap<&str, Vec<char>>, case: &str) -> Vec<Staff> {
    let people = may(rows, case);
    if people.is_empty() { vec![Staff::Administrator] } else { people }
}

/// The use case that a row tries; what stands after its name tells rows apart.
fn use_case(row: &str) -> &str {
    row.split(' ').next().unwrap_or_default()
}

/// Each row with an operation that is held to it.
fn claims() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_forms = FORMS.iter().flat_map(|(_, case, operations)| operations.iter().map(move |id| (*case, *id)));
    of_forms.chain(OTHERS.iter().map(|(id, case)| (*case, *id)))
}

fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.id == id).unwrap_or_else(|| panic!("no operation is called {id}"))
}

fn changes(operation: &Operation) -> bool {
    operation.verb != Method::Get
}

/// The use cases beyond looking that an operation's function asks, read off its text.
fn asks(rows: &HashMap<&str, Vec<char>>, operation: &Operation) -> Vec<String> {
    let line = WRITTEN.lines().find(|line| line.contains(&format!(" {} \"", operation.id))).expect("it is written");
    let run = line.trim_end_matches(';').rsplit(' ').next().unwrap_or_default();
    let (noun, function) = run.split_once("::").expect("a function");
    let file = format!("{}/src/management/nouns/{noun}.rs", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(file).expect("the sources");
    let (head, rest) = source.split_once(&format!("async fn {function}(call")).expect("the function");
    let body = rest.split("\n}\n").next().unwrap_or_default();
    // `use app::{secrets as cases}` or `use app::queues::{self as cases}`: the module's name is the last word before.
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = head.split(" as cases").next().unwrap_or_default();
    let module = before.rsplit(|c: char| !is_word(c)).find(|word| !word.is_empty() && *word != "self").unwrap_or_default();
    let named = |at: usize| {
        let path = body[..at].rsplit(|c: char| !is_word(c) && c != ':').next().unwrap_or_default();
        path.replace("cases::", &format!("{module}::"))
    };
    let looks = |case: &String| rows.iter().any(|(row, columns)| use_case(row) == case && columns[SEES] == 'y');
    body.match_indices("(call.app()").map(|(at, _)| named(at)).filter(|case| !looks(case)).collect()
}

/// The paths below `/console` that are asked for in this way.
fn served(verb: Verb) -> Vec<&'static str> {
    ROUTES.iter().filter(|route| route.verb == verb).filter_map(|route| route.path.strip_prefix("/console")).collect()
}

#[test]
fn every_form_and_every_page_of_the_console_has_its_operations() {
    for (verb, listed) in
        [(Verb::Post, FORMS.iter().map(|(form, _, operations)| (*form, *operations)).collect::<Vec<_>>()), (Verb::Get, PAGES.to_vec())]
    {
        let served = served(verb);
        let without: Vec<_> = served.iter().filter(|path| !listed.iter().any(|(known, _)| known == *path)).collect();
        assert!(without.is_empty(), "no operation does or tells the same as these: {without:?}");
        let gone: Vec<_> = listed.iter().filter(|(known, _)| !served.contains(known)).collect();
        assert!(gone.is_empty(), "the console has no such place: {gone:?}");
        let named = listed.iter().flat_map(|(_, operations)| operations.iter());
        let missing: Vec<_> = named.filter(|id| !OPERATIONS.iter().any(|operation| operation.id == **id)).collect();
        assert!(missing.is_empty(), "the management API has no such operation: {missing:?}");
    }
}

#[test]
fn the_operator_at_the_command_line_may_do_what_every_form_does() {
    let rows = rows();
    for (form, case, _) in FORMS {
        // What only a person does, at the console, is `?` or `-` to the operator.
        assert!(!matches!(rows[case][OPERATOR], 's' | 'f'), "{form}: the operator may not {case}");
    }
}

#[test]
fn every_operation_that_changes_something_is_held_to_the_use_cases_it_asks() {
    let rows = rows();
    let mut wrong = Vec::new();
    for operation in OPERATIONS.iter().filter(|operation| changes(operation)) {
        let held: Vec<_> = claims().filter(|(_, id)| *id == operation.id).map(|(case, _)| use_case(case)).collect();
        let asked = asks(&rows, operation);
        let without: Vec<_> = asked.iter().filter(|case| !held.contains(&case.as_str())).collect();
        if held.is_empty() || asked.is_empty() || !without.is_empty() {
            wrong.push(format!("{} asks {asked:?}, and the forms and the others hold it to {held:?}", operation.id));
        }
    }
    for (id, case) in OTHERS {
        let operation = operation(id);
        if !changes(operation) || !asks(&rows, operation).iter().any(|asked| asked == use_case(case)) {
            wrong.push(format!("{id} does not do what {case} is about"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Looking is a part of doing: an operation that only reads opens to all of the staff.
#[test]
fn a_scope_stands_for_what_the_table_lets_the_same_people_do() {
    let rows = rows();
    let mut wrong = Vec::new();
    for (case, id) in claims() {
        let operation = operation(id);
        let people = if changes(operation) { needed(&rows, case) } else { Staff::ALL.to_vec() };
        let opens = opened(operation);
        // Of the notes, support removes its own.
        if opens != people && id != "deleteNote" {
            wrong.push(format!("{case} takes the duty of {people:?}, and {id} with {} is for {opens:?}", operation.scope));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_program_does_what_its_operations_are_held_to_and_one_that_only_sees_does_not() {
    let rows = rows();
    for (case, id) in claims().filter(|(_, id)| changes(operation(id))) {
        // What only a person does, at the console, is `?` or `-` to a program; what is a member's never is.
        let is_a_members = may(&rows, case).is_empty();
        let (all, sees) = (rows[case][PROGRAM], rows[case][SEES]);
        let does = if is_a_members { all == 'y' } else { !matches!(all, 's' | 'f' | 'r') };
        assert!(does, "{id}: no program may {case}");
        assert_eq!(sees, 's', "{id}: a program that only sees may {case}, or hears something else");
    }
}

/// Who of the staff has the duty that the scope of an operation stands for.
fn opened(operation: &Operation) -> Vec<Staff> {
    let duty = management::duty(operation.scope).expect("a scope of this API");
    Staff::ALL.iter().copied().filter(|role| role.may(duty)).collect()
}

#[tokio::test]
async fn a_form_is_refused_to_those_of_the_staff_to_whom_the_table_refuses_it() {
    let test = testkit::sqlite().await;
    let mut stage = Stage::set(&test).await;
    let rows = rows();
    let mut wrong = Vec::new();
    // What it ends is not there afterwards: those who may not, first.
    for allowed in [false, true] {
        for (form, case, _) in FORMS {
            let path = stage.names.fill(&format!("/console{form}"));
            let people = may(&rows, case);
            for role in Staff::ALL.iter().copied().filter(|role| people.contains(role) == allowed) {
                let answer = stage.ask(Who::Staff(role), Verb::Post, &path).await;
                let is_door = answer.location().starts_with("/sign-in");
                if (answer.status == StatusCode::FORBIDDEN) == allowed || is_door || answer.status.is_server_error() {
                    wrong.push(format!("{form} by {role:?}: {} {}, and {case} is for {people:?}", answer.status, answer.location()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
