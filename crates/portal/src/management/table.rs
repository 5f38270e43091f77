//! Every operation: its method, its path, its scope, what comes in and what goes out, and the function that does it.
//!
//! The published document, the checks of what comes and the routes are all made of this one table, and so is the test that tries every
//! operation as nobody, without its scope and from the other environment. It is public for that test.

use std::pin::Pin;

use super::{
    call::{Call, Outcome},
    nouns::{
        access_requests, acting, announcements, api_credentials, api_lives, api_versions, apis, approval_rules, audit, client_methods,
        clients, consents, contracts, customer_keys, customer_types, decisions, grants, notes, organisations, plans, policies, projects,
        public_keys, queues, reason_templates, secret_review, secrets, signing_keys, staff, tokens, upstreams,
    },
    parameters::{
        ACCESS, API_SEARCH, AUDIT, CONTRACTS, CUSTOMER_KEYS, ENVIRONMENT, METHODS, NONE, OF_ACCOUNT, OF_HOLDER, OF_QUEUE, ORGANISATIONS,
        PAGED, Parameter, REVIEW, SEARCH, WAITING, WAITS,
    },
};

/// How an operation is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads; HEAD counts as this.
    Get,
    /// Makes or does; takes an `Idempotency-Key`.
    Post,
    /// Replaces; demands `If-Match`.
    Put,
    /// Changes; demands `If-Match`.
    Patch,
    /// Takes away; demands `If-Match`.
    Delete,
}

impl Verb {
    /// The method's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether the caller must say which state of the thing it saw.
    #[must_use]
    pub const fn is_conditional(self) -> bool {
        matches!(self, Self::Put | Self::Patch | Self::Delete)
    }
}

/// What comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intake {
    /// Nothing.
    No,
    /// A body of the shape of that name.
    Takes(&'static str),
    /// The same, or nothing at all.
    May(&'static str),
}

/// What goes out when it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// 200, a page of things of that shape.
    Page(&'static str),
    /// 200, one thing with its `ETag`.
    One(&'static str),
    /// 201, the thing that was made, with its `Location`.
    Made(&'static str),
    /// 200, what was done.
    Did(&'static str),
    /// 200 or 201, the thing that is there now.
    Placed(&'static str),
    /// 204.
    Nothing,
}

/// What an operation's function answers in the end.
type Answering<'c> = Pin<Box<dyn Future<Output = Outcome> + Send + 'c>>;

/// One operation.
pub struct Operation {
    /// How it is asked for.
    pub verb: Verb,
    /// Its path below `/api/v1`; `{name}` stands for one segment.
    pub path: &'static str,
    /// Its `operationId`.
    pub id: &'static str,
    /// The scope it needs.
    pub scope: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) query: &'static [Parameter],
    pub(crate) intake: Intake,
    pub(crate) output: Output,
    pub(crate) run: for<'c> fn(&'c Call) -> Answering<'c>,
}

macro_rules! operations {
    ($($verb:ident $path:literal $id:ident $scope:literal $summary:literal $query:expr, $intake:expr, $output:expr, $($run:ident)::+;)+) => {
        /// The operations of the management API.
        pub static OPERATIONS: &[Operation] = &[$(Operation {
            verb: Verb::$verb,
            path: $path,
            id: stringify!($id),
            scope: $scope,
            summary: $summary,
            query: $query,
            intake: $intake,
            output: $output,
            run: {
                fn run<'c>(call: &'c Call) -> Answering<'c> {
                    Box::pin($($run)::+(call))
                }
                run
            },
        }),+];
    };
}

use Intake::{May, No, Takes};
use Output::{Did, Made, Nothing, One, Page, Placed};

operations! {
    Get "/organisations" listOrganisations "organisations:read" "Organisations, in the order of their making" ORGANISATIONS, No, Page("Organisation"), organisations::list;
    Post "/organisations" createOrganisation "organisations:write" "Create an organisation with a first project and its sandbox client" NONE, Takes("NewOrganisation"), Made("FoundedOrganisation"), organisations::create;
    Get "/organisations/{organisation}" getOrganisation "organisations:read" "One organisation" NONE, No, One("Organisation"), organisations::show;
    Patch "/organisations/{organisation}" renameOrganisation "organisations:write" "Rename an organisation" NONE, Takes("Rename"), One("Organisation"), organisations::rename;
    Get "/organisation-search" searchOrganisations "organisations:read" "Organisations by whatever somebody has of them" SEARCH, No, Page("FoundBySearch"), organisations::search;
    Get "/organisations/{organisation}/stake" getStake "organisations:read" "What would stop if an organisation were suspended" NONE, No, One("Stake"), organisations::stake;
    Get "/organisations/{organisation}/status" getOrganisationStanding "organisations:read" "Whether an organisation may act; why not, by whom and since when" NONE, No, One("OrganisationStanding"), organisations::standing_of;
    Put "/organisations/{organisation}/status" setOrganisationStatus "organisations:write" "Suspend, resume or revoke an organisation; its clients follow within a second" NONE, Takes("SetStanding"), One("Organisation"), organisations::set_status;
    Put "/organisations/{organisation}/customer-type" setCustomerType "organisations:decide" "Set what an organisation is to the carrier" NONE, Takes("SetCustomerType"), One("Organisation"), organisations::set_customer_type;
    Get "/organisations/{organisation}/members" listMembers "organisations:read" "The members of an organisation" PAGED, No, Page("Member"), organisations::members;

    Get "/contracts" listContracts "contracts:read" "Contracts in one state, oldest first" CONTRACTS, No, Page("Contract"), contracts::list;
    Get "/organisations/{organisation}/contracts" listOrganisationContracts "contracts:read" "The contracts of an organisation, in whatever state" PAGED, No, Page("Contract"), contracts::of_organisation;
    Post "/organisations/{organisation}/contracts" createContract "contracts:decide" "Link a contract to an organisation" NONE, Takes("NewContract"), Made("Contract"), contracts::create;
    Get "/contracts/{contract}" getContract "contracts:read" "One contract" NONE, No, One("Contract"), contracts::show;
    Put "/contracts/{contract}/status" setContractStatus "contracts:decide" "Activate, suspend or end a contract" NONE, Takes("SetContractStatus"), One("Contract"), contracts::set_status;
    Post "/contracts/{contract}/reject" rejectContract "contracts:decide" "Refuse a contract that waits, with a reason its organisation reads" NONE, Takes("Refusal"), Did("Contract"), contracts::reject;

    Get "/access-requests" listAccessRequests "access:read" "The access requests that wait, oldest first" ACCESS, No, Page("AccessRequest"), access_requests::list;
    Get "/projects/{project}/access-requests" listProjectAccessRequests "access:read" "What a project asked for, the decided requests too" PAGED, No, Page("AccessRequest"), access_requests::of_project;
    Post "/projects/{project}/access-requests" createAccessRequest "projects:write" "Ask for access in a project's name; where a rule approves it at once, the API credential that may come of it is in this answer and nowhere else" NONE, Takes("NewAccessRequest"), Made("RequestedAccess"), access_requests::create;
    Get "/access-requests/{request}" getAccessRequest "access:read" "One access request" NONE, No, One("AccessRequest"), access_requests::show;
    Post "/access-requests/{request}/approve" approveAccessRequest "access:decide" "Approve an access request" NONE, May("Decision"), Did("AccessRequest"), access_requests::approve;
    Post "/access-requests/{request}/reject" rejectAccessRequest "access:decide" "Reject an access request, with a reason" NONE, Takes("Refusal"), Did("AccessRequest"), access_requests::reject;
    Get "/projects/{project}/grants" listGrants "access:read" "What a project may do, the ended grants too" PAGED, No, Page("Grant"), grants::list;
    Get "/projects/{project}/api-credentials" listApiCredentials "projects:read" "The API credentials of a project, without their secrets" PAGED, No, Page("ApiCredential"), api_credentials::list;
    Post "/projects/{project}/api-credentials" createApiCredential "projects:write" "Issue another API credential, of which two may live; its secret is in this answer and nowhere else" NONE, Takes("NewApiCredential"), Made("CreatedApiCredential"), api_credentials::create;
    Get "/api-credentials/{credential}" getApiCredential "projects:read" "One API credential, without its secret" NONE, No, One("ApiCredential"), api_credentials::show;
    Post "/api-credentials/{credential}/revoke" revokeApiCredential "projects:write" "End an API credential; gateways follow within a second" NONE, No, Did("ApiCredential"), api_credentials::revoke;
    Get "/grants/{grant}" getGrant "access:read" "One grant" NONE, No, One("Grant"), grants::show;
    Post "/grants/{grant}/revoke" revokeGrant "access:decide" "Take a grant back; its scopes vanish from living tokens" NONE, May("Decision"), Did("Grant"), grants::revoke;

    Get "/customer-type-requests" listCustomerTypeRequests "customer-types:read" "The organisations that wait to be another customer type, oldest first" WAITING, No, Page("CustomerTypeRequest"), customer_types::list;
    Get "/organisations/{organisation}/customer-type-requests" listOrganisationCustomerTypeRequests "customer-types:read" "What an organisation asked to be, the decided requests too" PAGED, No, Page("CustomerTypeRequest"), customer_types::of_organisation;
    Get "/customer-type-requests/{request}" getCustomerTypeRequest "customer-types:read" "One such request" NONE, No, One("CustomerTypeRequest"), customer_types::show;
    Post "/customer-type-requests/{request}/approve" approveCustomerType "customer-types:decide" "Agree to a customer type" NONE, May("Decision"), Did("CustomerTypeRequest"), customer_types::approve;
    Post "/customer-type-requests/{request}/reject" rejectCustomerType "customer-types:decide" "Refuse a customer type, with a reason" NONE, Takes("Refusal"), Did("CustomerTypeRequest"), customer_types::reject;

    Get "/organisations/{organisation}/projects" listProjects "projects:read" "The projects of an organisation, the archived ones too" PAGED, No, Page("Project"), projects::list;
    Post "/organisations/{organisation}/projects" createProject "projects:write" "Create a project with a sandbox client" NONE, Takes("Rename"), Made("CreatedProject"), projects::create;
    Get "/projects/{project}" getProject "projects:read" "One project" NONE, No, One("Project"), projects::show;
    Patch "/projects/{project}" renameProject "projects:write" "Rename a project" NONE, Takes("Rename"), One("Project"), projects::rename;
    Post "/projects/{project}/archive" archiveProject "projects:write" "Archive a project for good" NONE, No, Did("Project"), projects::archive;

    Get "/projects/{project}/clients" listClients "projects:read" "The clients of a project" PAGED, No, Page("Client"), clients::list;
    Post "/projects/{project}/clients" createClient "projects:write" "Create a client; its secret is in this answer and nowhere else" NONE, Takes("NewClient"), Made("CreatedClient"), clients::create;
    Get "/client-methods" listClientMethods "projects:read" "The clients that used a method within 90 days, the latest use first" METHODS, No, Page("ClientMethod"), client_methods::list;
    Get "/clients/{client}" getClient "projects:read" "One client" NONE, No, One("Client"), clients::show;
    Patch "/clients/{client}" setClientRules "projects:write" "Narrow a client to some grants and set for how long its tokens live" NONE, Takes("SetClientRules"), One("Client"), clients::set_rules;
    Put "/clients/{client}/status" setClientStatus "projects:write" "Suspend, resume or revoke a client" NONE, Takes("SetClientStatus"), One("Client"), clients::set_status;
    Get "/clients/{client}/secrets" listSecrets "projects:read" "The secrets of a client, without the secrets" PAGED, No, Page("Secret"), secrets::list;
    Post "/clients/{client}/secrets" createSecret "projects:write" "Issue another secret; it is in this answer and nowhere else" NONE, May("NewSecret"), Made("CreatedSecret"), secrets::create;
    Get "/secrets/{secret}" getSecret "projects:read" "One secret, without the secret" NONE, No, One("Secret"), secrets::show;
    Post "/secrets/{secret}/retire" retireSecret "projects:write" "Make a secret stop opening anything after some time; its tokens live out" NONE, Takes("Retirement"), Did("Secret"), secrets::retire;
    Post "/secrets/{secret}/revoke" revokeSecret "projects:write" "Kill a secret and every token it got" NONE, No, Did("Secret"), secrets::revoke;
    Get "/clients/{client}/public-keys" listPublicKeys "projects:read" "The public keys of a client, oldest first, those that are over too" PAGED, No, Page("PublicKey"), public_keys::list;
    Post "/clients/{client}/public-keys" addPublicKey "projects:write" "Register a public key, with which a client proves itself by what it signs" NONE, Takes("NewPublicKey"), Made("PublicKey"), public_keys::add;
    Get "/clients/{client}/public-keys/{thumbprint}" getPublicKey "projects:read" "One public key" NONE, No, One("PublicKey"), public_keys::show;
    Post "/clients/{client}/public-keys/{thumbprint}/remove" removePublicKey "projects:write" "Take a public key off a client, with every token it got; what is removed does not come back" NONE, No, Did("PublicKey"), public_keys::remove;

    Get "/projects/{project}/customer-keys" listCustomerKeys "customer-keys:read" "The customer keys of a project, newest first" CUSTOMER_KEYS, No, Page("CustomerKeyInShort"), customer_keys::list;
    Post "/projects/{project}/customer-keys" createCustomerKey "customer-keys:issue" "Issue a customer key; its secret is in this answer and nowhere else" NONE, Takes("NewCustomerKey"), Made("CreatedCustomerKey"), customer_keys::create;
    Get "/customer-keys" listActing "customer-keys:read" "Who acts for an account number: its customer keys, whosever they are, newest first" OF_ACCOUNT, No, Page("Acting"), acting::list;
    Get "/organisations/{organisation}/acting" listActingForOne "customer-keys:read" "Who acts for an organisation, as it sees it: the keys for its account numbers in production, newest first" OF_HOLDER, No, Page("ActingForOne"), acting::list_for_one;
    Post "/organisations/{organisation}/acting/{key}/stop" stopActing "customer-keys:write" "Stop a customer key for good because its account number is the organisation's; the platform is told" NONE, May("Decision"), Did("CustomerKey"), acting::stop;
    Post "/organisations/{organisation}/acting/{key}/stop-all" stopAllActing "customer-keys:write" "The same with every key of that key's project for the organisation's account numbers" NONE, May("Decision"), Did("StoppedKeys"), acting::stop_all;
    Get "/customer-keys/{key}" getCustomerKey "customer-keys:read" "One customer key, with what its account holder agreed to and whether it stopped it" NONE, No, One("CustomerKey"), customer_keys::show;
    Post "/customer-keys/{key}/rotate" rotateCustomerKey "customer-keys:write" "Replace the secret of a customer key; the new one is in this answer and nowhere else" NONE, Takes("KeyRotation"), Did("CreatedCustomerKey"), customer_keys::rotate;
    Put "/customer-keys/{key}/status" setCustomerKeyStatus "customer-keys:write" "Suspend, resume or revoke a customer key" NONE, Takes("SetClientStatus"), One("CustomerKey"), customer_keys::set_status;
    Get "/customer-keys/{key}/limits" getCustomerKeyLimits "customer-keys:read" "What may be asked for with a customer key, of all APIs together" NONE, No, One("KeyLimitsSet"), customer_keys::limits;
    Put "/customer-keys/{key}/limits" setCustomerKeyLimits "customer-keys:write" "Give a customer key limits of its own, or with `null` those of its project" NONE, Takes("SetKeyLimits"), One("KeyLimitsSet"), customer_keys::set_limits;
    Get "/customer-keys/{key}/usage" getCustomerKeyUsage "customer-keys:read" "How much a customer key was used in the last 30 days" NONE, No, One("KeyUsage"), customer_keys::usage;
    Get "/projects/{project}/customer-key-limits/{environment}" getProjectKeyLimits "customer-keys:read" "What may be asked for with each customer key of a project that has no limits of its own" NONE, No, One("KeyLimits"), customer_keys::project_limits;
    Put "/projects/{project}/customer-key-limits/{environment}" setProjectKeyLimits "customer-keys:write" "Limit each customer key of a project that has no limits of its own" NONE, Takes("KeyLimits"), One("KeyLimits"), customer_keys::set_project_limits;
    Put "/customer-keys/{key}/binding" bindCustomerKey "customer-keys:write" "Bind a customer key to a public key of its project's clients; tokens that were got otherwise stop within a second" NONE, Takes("Binding"), One("CustomerKey"), customer_keys::bind;
    Delete "/customer-keys/{key}/binding" unbindCustomerKey "customer-keys:write" "Free a customer key: whatever proves its client will do again" NONE, No, Nothing, customer_keys::unbind;

    Get "/apis" listApis "catalogue:read" "The entries of the catalogue" PAGED, No, Page("Api"), apis::list;
    Get "/api-search" searchApis "catalogue:read" "Published APIs, and drafts of new ones, by words of their title or name and by state; not the management API, which is the program's own" API_SEARCH, No, Page("FoundApi"), apis::search;
    Get "/apis/{name}" getApi "catalogue:read" "The OpenAPI document of an entry, upstreams included" NONE, No, One("Document"), apis::show;
    Put "/apis/{name}" putApi "catalogue:publish" "Publish an OpenAPI document under its name: with If-None-Match: * where there is none" NONE, Takes("Document"), Placed("Document"), apis::put;
    Delete "/apis/{name}" deleteApi "catalogue:publish" "Take an entry out of the catalogue" NONE, No, Nothing, apis::delete;

    Get "/apis/{name}/holders" listApiHolders "catalogue:read" "Who holds live grants of an API" NONE, No, One("ApiHolders"), api_versions::holders;
    Get "/apis/{name}/grants" listApiGrants "catalogue:read" "Every live grant of an API with who holds it, project by project" PAGED, No, Page("HeldGrant"), grants::of_api;
    Get "/apis/{name}/life" getApiLife "catalogue:read" "Whether an API may be asked for and called, and until when" NONE, No, One("ApiLife"), api_lives::show;
    Post "/apis/{name}/deprecate" deprecateApi "catalogue:publish" "Tell callers that an API ends, and when; said again, it moves the day" NONE, Takes("Deprecation"), Did("ApiLife"), api_lives::deprecate;
    Post "/apis/{name}/restore" restoreApi "catalogue:publish" "Take a deprecation back; what is retired is served again by publishing a version" NONE, No, Did("ApiLife"), api_lives::restore;
    Post "/apis/{name}/retire" retireApi "catalogue:publish" "End an API: no gateway routes it within a second" NONE, No, Did("ApiLife"), api_lives::retire;
    Get "/api-drafts" listApiDrafts "catalogue:read" "The drafts that wait, of every API, the oldest first" PAGED, No, Page("ApiVersion"), api_versions::drafts;
    Post "/api-drafts" createApiDraft "catalogue:publish" "Keep an OpenAPI document as a draft of the API it names, or hear every fault of it" NONE, Takes("Document"), Made("ApiVersion"), api_versions::write;
    Post "/apis/{name}/try" tryUpstream "catalogue:publish" "Ask an upstream of what is live, or of another version, for a path, by GET and without a credential: whether it answers, and how soon" NONE, Takes("UpstreamTrial"), Did("UpstreamAnswer"), upstreams::attempt;
    Get "/apis/{name}/versions" listApiVersions "catalogue:read" "The versions of an API, drafts too, newest first" PAGED, No, Page("ApiVersion"), api_versions::list;
    Post "/apis/{name}/versions" redraftApiVersion "catalogue:publish" "Make a draft of a version of before, to publish it again" NONE, Takes("ApiDraftSource"), Made("ApiVersion"), api_versions::write_again;
    Get "/apis/{name}/versions/{number}" getApiVersion "catalogue:read" "One version" NONE, No, One("ApiVersion"), api_versions::show;
    Delete "/apis/{name}/versions/{number}" discardApiDraft "catalogue:publish" "Throw a draft away" NONE, No, Nothing, api_versions::discard;
    Get "/apis/{name}/versions/{number}/document" getApiVersionDocument "catalogue:read" "The OpenAPI document of a version, upstreams included" NONE, No, One("Document"), api_versions::document;
    Get "/apis/{name}/versions/{number}/comparison" compareApiVersion "catalogue:read" "What a draft would change in what is live and whom that reaches, or what a version changed" NONE, No, One("ApiComparison"), api_versions::compare;
    Post "/apis/{name}/versions/{number}/publish" publishApiDraft "catalogue:publish" "Make a draft what is served, as it was looked at; what was retired is served again" NONE, Takes("DraftPublication"), Did("ApiVersion"), api_versions::publish;
    Get "/apis/{name}/versions/{number}/rules" getApiRules "catalogue:read" "Who may ask, who is approved at once, what a call must bring" NONE, No, One("ApiRules"), api_lives::rules_of;
    Post "/apis/{name}/versions/{number}/rules" setApiRules "catalogue:publish" "Make a draft that differs from a version in these rules" NONE, Takes("ApiRulesChange"), Made("ApiVersion"), api_lives::set_rules;

    Get "/plans" listPlans "plans:read" "The plans of the house" PAGED, No, Page("Plan"), plans::list;
    Get "/plans/{name}" getPlan "plans:read" "One plan, with who offers it and how many projects hold it" NONE, No, One("Plan"), plans::show;
    Put "/plans/{name}" putPlan "plans:publish" "Put a plan under its name: with If-None-Match: * where there is none; gateways follow within a second" NONE, Takes("PutPlan"), Placed("Plan"), plans::put;
    Delete "/plans/{name}" deletePlan "plans:publish" "Remove a plan that no API offers" NONE, No, Nothing, plans::delete;

    Get "/announcements" listAnnouncements "announcements:read" "Announcements, drafts too, those that start last first" PAGED, No, Page("Announcement"), announcements::list;
    Post "/announcements" createAnnouncement "announcements:publish" "Write a draft" NONE, Takes("AnnouncementDraft"), Made("Announcement"), announcements::create;
    Get "/announcements/{announcement}" getAnnouncement "announcements:read" "One announcement, with what was said since" NONE, No, One("Announcement"), announcements::show;
    Put "/announcements/{announcement}" changeAnnouncement "announcements:publish" "Write over a draft" NONE, Takes("AnnouncementDraft"), One("Announcement"), announcements::change;
    Delete "/announcements/{announcement}" discardAnnouncement "announcements:publish" "Throw a draft away" NONE, No, Nothing, announcements::discard;
    Get "/announcements/{announcement}/recipients" countAnnouncementRecipients "announcements:read" "To how many people it would be written when it is published with by_mail" NONE, No, One("Recipients"), announcements::recipients;
    Post "/announcements/{announcement}/publish" publishAnnouncement "announcements:publish" "Tell everybody, and with by_mail also write to those who use what is concerned" NONE, Takes("AnnouncementPublication"), Did("Announcement"), announcements::publish;
    Post "/announcements/{announcement}/updates" updateAnnouncement "announcements:publish" "Say more of what is published; resolved ends it" NONE, Takes("AnnouncementNews"), Did("Announcement"), announcements::update;
    Post "/announcements/{announcement}/end" endAnnouncement "announcements:publish" "End it now, or call it off before it begins" NONE, No, Did("Announcement"), announcements::end;

    Get "/policies" listPolicies "policies:read" "The versions of the usage policies, drafts first" PAGED, No, Page("PoliciesInShort"), policies::list;
    Get "/policies/{version}" getPolicies "policies:read" "One version with its texts" NONE, No, One("Policies"), policies::show;
    Put "/policies/{version}" putPolicies "policies:publish" "Write a draft: with If-None-Match: * where there is none" NONE, Takes("PoliciesDraft"), Placed("Policies"), policies::put;
    Delete "/policies/{version}" discardPolicies "policies:publish" "Throw a draft away" NONE, No, Nothing, policies::discard;
    Get "/policies/{version}/recipients" countPoliciesRecipients "policies:read" "How many people are told by mail when it is published" NONE, No, One("Recipients"), policies::recipients;
    Post "/policies/{version}/publish" publishPolicies "policies:publish" "Publish a draft, in force from now on or from a moment to come; who accepted an older version is told by mail" NONE, Takes("PoliciesPublication"), Did("Policies"), policies::publish;
    Get "/policies/{version}/acceptances" listPolicyAcceptances "policies:read" "Who accepted a version, newest first" WAITING, No, Page("PolicyAcceptance"), policies::acceptances;

    Get "/policy-acceptances" listAllPolicyAcceptances "policies:read" "Who accepted which version, newest first" WAITING, No, Page("PolicyAcceptance"), policies::all_acceptances;

    Get "/queues" listQueues "queues:read" "How much waits in each queue, how much too long, and within what time it should be decided" PAGED, No, Page("Queue"), queues::list;
    Get "/queues/{queue}" getQueue "queues:read" "One queue" NONE, No, One("Queue"), queues::show;
    Put "/queues/{queue}/target" setQueueTarget "queues:administer" "Set within how many hours what waits should be decided" NONE, Takes("QueueTarget"), One("Queue"), queues::set_target;
    Get "/queues/{queue}/waiting" listWaiting "queues:read" "What waits in a queue and who takes care of it, oldest first" WAITS, No, Page("Waiting"), queues::waiting;
    Post "/queues/{queue}/waiting/{waiting}/take" takeWaiting "queues:decide" "Give something that waits into the care of somebody of the staff who decides" NONE, Takes("Assignment"), Did("Taker"), queues::assign;
    Post "/queues/{queue}/waiting/{waiting}/leave" leaveWaiting "queues:decide" "Put it back for anybody" NONE, No, Did("Taker"), queues::leave;
    Get "/reason-templates" listReasonTemplates "queues:read" "Words for a rejection that staff begin with" OF_QUEUE, No, Page("ReasonTemplate"), reason_templates::list;
    Post "/reason-templates" createReasonTemplate "queues:decide" "Add such words" NONE, Takes("PutReasonTemplate"), Made("ReasonTemplate"), reason_templates::create;
    Get "/reason-templates/{template}" getReasonTemplate "queues:read" "One such template" NONE, No, One("ReasonTemplate"), reason_templates::show;
    Put "/reason-templates/{template}" changeReasonTemplate "queues:decide" "Change a template" NONE, Takes("PutReasonTemplate"), One("ReasonTemplate"), reason_templates::change;
    Delete "/reason-templates/{template}" deleteReasonTemplate "queues:decide" "Remove a template" NONE, No, Nothing, reason_templates::remove;
    Get "/approval-rules" listApprovalRules "queues:read" "The rules by which access requests need nobody" PAGED, No, Page("ApprovalRule"), approval_rules::list;
    Post "/approval-rules" createApprovalRule "queues:administer" "Add a rule; what waits goes on waiting" NONE, Takes("PutApprovalRule"), Made("ApprovalRule"), approval_rules::create;
    Get "/approval-rules/{rule}" getApprovalRule "queues:read" "One rule" NONE, No, One("ApprovalRule"), approval_rules::show;
    Put "/approval-rules/{rule}" changeApprovalRule "queues:administer" "Change a rule" NONE, Takes("PutApprovalRule"), One("ApprovalRule"), approval_rules::change;
    Delete "/approval-rules/{rule}" deleteApprovalRule "queues:administer" "Remove a rule; what it approved stays approved" NONE, No, Nothing, approval_rules::remove;

    Get "/organisations/{organisation}/notes" listNotes "organisations:read" "What staff wrote about an organisation, newest first" PAGED, No, Page("Note"), notes::list;
    Post "/organisations/{organisation}/notes" createNote "organisations:annotate" "Write a note; members never see it" NONE, Takes("NewNote"), Made("Note"), notes::create;
    Get "/organisations/{organisation}/notes/{note}" getNote "organisations:read" "One note" NONE, No, One("Note"), notes::show;
    Delete "/organisations/{organisation}/notes/{note}" deleteNote "organisations:annotate" "Remove a note of the program's own" NONE, No, Nothing, notes::remove;

    Get "/projects/{project}/consents" listConsents "customer-keys:read" "What account holders agreed to for a project, and how each was proved" PAGED, No, Page("Consent"), consents::list;

    Get "/staff" listStaff "staff:read" "The operator's own people, by address" PAGED, No, Page("StaffMemberInShort"), staff::list;
    Get "/staff/{account}" getStaffMember "staff:read" "One of them, and whether a provider says at each sign-on what they are" NONE, No, One("StaffMember"), staff::show;
    Put "/staff/{account}/role" setStaffRole "staff:administer" "Set what somebody of the staff is" NONE, Takes("SetStaffRole"), One("StaffMember"), staff::set_role;
    Delete "/staff/{account}" removeStaffMember "staff:administer" "Take somebody off the staff; the sessions end at once" NONE, No, Nothing, staff::remove;
    Get "/staff-invitations" listStaffInvitations "staff:read" "The invitations onto the staff that wait for an answer, newest first" PAGED, No, Page("StaffInvitation"), staff::invitations;
    Post "/staff-invitations" inviteStaff "staff:administer" "Invite an address onto the staff; the link goes there by mail" NONE, Takes("NewStaffInvitation"), Made("StaffInvitation"), staff::invite;
    Get "/staff-invitations/{invitation}" getStaffInvitation "staff:read" "One invitation that waits" NONE, No, One("StaffInvitation"), staff::show_invitation;
    Delete "/staff-invitations/{invitation}" withdrawStaffInvitation "staff:administer" "Take an invitation back" NONE, No, Nothing, staff::withdraw;

    Get "/secret-review" reviewSecrets "projects:read" "Secrets to look at before somebody calls: they end soon, are old, or another took their place" REVIEW, No, Page("ReviewedSecret"), secret_review::secrets;
    Get "/quiet-projects" listQuietProjects "projects:read" "Projects from which no token was asked for in half a year, those unused the longest first" PAGED, No, Page("QuietProject"), secret_review::quiet_projects;
    Get "/signing-keys" listSigningKeys "keys:read" "The signing keys of an environment, newest first" ENVIRONMENT, No, Page("ListedSigningKey"), signing_keys::list;
    Post "/signing-keys/rotate" rotateSigningKeys "keys:administer" "Announce a new signing key; it signs in ten minutes" NONE, Takes("Rotation"), Did("SigningKey"), signing_keys::rotate;

    Get "/master-key" getMasterKey "keys:read" "Since when there has been a master key at least" NONE, No, One("MasterKey"), signing_keys::master;
    Post "/signing-keys/{key}/retire" retireSigningKey "keys:administer" "End a signing key at once, because somebody else has it, with every token it signed" NONE, No, Did("EndedKey"), signing_keys::retire;
    Get "/audit-verification" verifyAudit "audit:read" "Whether the last 10,000 entries of the audit log are as they were written" NONE, No, One("AuditVerification"), audit::verify;
    Get "/audit" listAudit "audit:read" "The audit log, newest first" AUDIT, No, Page("AuditEntry"), audit::list;
    Get "/projects/{project}/decisions" listDecisions "decisions:read" "The last 200 decisions on the requests of a project, newest first" PAGED, No, Page("DecisionReport"), decisions::of_project;
    Get "/decisions/{decision}" getDecision "decisions:read" "Why a request was passed or refused, by its X-Request-Id" NONE, No, One("DecisionReport"), decisions::show;
    Post "/tokens/revoke" revokeToken "tokens:revoke" "Revoke one token by its `jti`" NONE, Takes("TokenRevocation"), Nothing, tokens::revoke;
}
