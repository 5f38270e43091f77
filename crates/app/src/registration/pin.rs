//! Proof by a PIN: sending one, and showing it.

use domain::{
    Language,
    holder::{Channel, Holder},
    secret::Secret,
};
use jiff::SignedDuration;
use serde_json::json;
use store::{Moment, Tx, customer_keys::CustomerKeyRow, registration_pins, registration_tries};

use super::{
    LOCK, MOST_FAILURES, MOST_PINS, Method, PIN_LIFETIME, Platform, Proof, Refusal, Registration, Result, SENDING_WINDOW, fixed_pin,
    language,
};
use crate::{
    Actor, Issued,
    mail::{self, Text, To},
    messages, projects,
};

impl Registration {
    /// Sends the holder of the account of this token a PIN. Those sent before are worth nothing any more.
    ///
    /// # Errors
    /// [`Refusal::NotRegistered`], [`Refusal::TooManyPins`], [`Refusal::SessionOver`], [`Refusal::Locked`] and the others.
    pub async fn send_pin(&self, by: &Platform, account_token: &str, channel: Channel, locale: Option<&str>) -> Result<()> {
        let organisation = self.admit(by).await?;
        let token = self.session(by, account_token)?;
        let account = token.account.as_str();
        let proof = Proof { by, organisation: organisation.id, method: Method::Pin, account };
        let holder = self.holder(proof).await?.ok_or(Refusal::SessionOver)?;
        if !self.channels(by.environment, &holder).contains(&channel) {
            return Err(Refusal::NotRegistered(channel).into());
        }
        let mut tx = self.app.begin().await?;
        // One at a time, so that many at once are not more than may be. The organisation first, as everywhere.
        store::organisations::hold(&mut tx, organisation.id).await?;
        projects::hold(&mut tx, by.project).await?;
        // Whoever had to wait is looked at as of now: those before it were sent while it waited.
        let now = self.app.now();
        if let Some(until) = registration_tries::locked(&mut tx, &self.tries(proof), MOST_FAILURES, LOCK, Moment(now)).await? {
            return Err(Refusal::Locked(Method::Pin, until).into());
        }
        let key = self.key(by, "sent", by.project, account);
        let counted = self.key(by, "counted", organisation.id, account);
        let window = SignedDuration::from_secs(SENDING_WINDOW);
        let sent = registration_pins::sent_since(&mut tx, &counted, Moment(now - window)).await?;
        if let Some(first) = sent.first().filter(|_| sent.len() >= MOST_PINS) {
            return Err(Refusal::TooManyPins(Moment(**first + window)).into());
        }
        let pin = fixed_pin(by.environment, &holder).unwrap_or_else(|| self.draw());
        let until = Moment(now + SignedDuration::from_secs(PIN_LIFETIME));
        registration_pins::insert(&mut tx, self.app.uuid(), (&key, &counted), &self.hash(by, account, &pin), Moment(now), until).await?;
        let language = language(locale, &holder);
        if self.queue(&mut tx, &organisation.name, &holder, channel, language, &pin, until).await?.is_none() {
            return Err(Refusal::TooManyPins(Moment(now + window)).into());
        }
        let detail = json!({"project": by.project, "environment": by.environment, "channel": channel});
        self.app.commit(tx, &Actor::Client(by.client.clone()), "registration.send_pin", account, detail).await?;
        Ok(())
    }

    /// A key for the account of this token, when the PIN is the last one sent; in the sandbox also when it is the holder's fixed one.
    ///
    /// # Errors
    /// [`Refusal::WrongPin`], [`Refusal::SessionOver`], [`Refusal::Locked`] and the others.
    pub async fn by_pin(&self, by: &Platform, account_token: &str, pin: &Secret) -> Result<Issued<CustomerKeyRow>> {
        let organisation = self.admit(by).await?.id;
        let token = self.session(by, account_token)?;
        let account = token.account.as_str();
        let proof = Proof { by, organisation, method: Method::Pin, account };
        let holder = self.holder(proof).await?.ok_or(Refusal::SessionOver)?;
        let shown = self.hash(by, account, pin);
        let fixed = fixed_pin(by.environment, &holder).is_some_and(|fixed| self.hash(by, account, &fixed).matches(&shown));

        let mut tx = self.app.begin().await?;
        let failures = self.count(&mut tx, proof).await?;
        let sent = registration_pins::redeem(&mut tx, &self.key(by, "sent", by.project, account), &shown, self.app.moment()).await?;
        if !(fixed || sent) {
            self.wrong(tx, proof, failures).await?;
            return Err(Refusal::WrongPin.into());
        }
        self.right(&mut tx, proof).await?;
        self.register(tx, proof).await
    }

    /// Queues the PIN where it goes. `None`: whoever is there has had as many messages as they may.
    #[expect(clippy::too_many_arguments, reason = "a letter: from whom, to whom, by what way, in which words, until when")]
    async fn queue(
        &self,
        tx: &mut Tx,
        organisation: &str,
        holder: &Holder,
        channel: Channel,
        language: Language,
        pin: &Secret,
        until: Moment,
    ) -> Result<Option<()>> {
        let account_number = holder.account_number.as_str();
        let way = match (channel, &holder.email, &holder.phone) {
            (Channel::Email, Some(email), _) => {
                if !mail::has_room_for_a_pin(&self.app, tx, email).await? {
                    return Ok(None);
                }
                let text = Text::RegistrationPin { pin, account_number, organisation };
                mail::queue(&self.app, tx, &To { email, name: "", language }, &text).await?;
                return Ok(Some(()));
            }
            (Channel::Sms, _, Some(phone)) => ("sms", phone.as_str()),
            (Channel::Call, _, Some(phone)) => ("call", phone.as_str()),
            // A sandbox holder with a fixed PIN and no address of that kind: there is nobody to write to.
            _ => return Ok(Some(())),
        };
        let text = words(channel, language, organisation, account_number, pin);
        Ok(messages::queue(&self.app, tx, way, language, &text, until).await?)
    }

    fn draw(&self) -> Secret {
        // Of 2^64 numbers, so that none of the million is likelier than another by more than nothing.
        let number = u64::from_le_bytes(self.app.entropy.bytes::<8>()) % 1_000_000;
        Secret::new(format!("{number:06}"))
    }

    fn hash(&self, by: &Platform, account_number: &str, pin: &Secret) -> domain::secret::SecretHash {
        self.key(by, &format!("pin:{}", pin.expose()), by.project, account_number)
    }
}

/// What a text message says, or a voice.
fn words(channel: Channel, language: Language, organisation: &str, account_number: &str, pin: &Secret) -> Secret {
    // A voice says digit by digit.
    let pin = match channel {
        Channel::Call => pin.expose().chars().map(String::from).collect::<Vec<_>>().join(", "),
        Channel::Sms | Channel::Email => pin.expose().to_owned(),
    };
    let name: String = organisation.chars().filter(|sign| !sign.is_control()).take(60).collect();
    Secret::new(match language {
        Language::Spanish => format!(
            "{name} pide actuar en nombre de tu cuenta {account_number}. Si estás de acuerdo, dale este PIN: {pin}. Si no lo has pedido tú, no se lo des a nadie."
        ),
        Language::English => format!(
            "{name} asks to act for your account {account_number}. If you agree, give it this PIN: {pin}. If you did not ask for it, give it to nobody."
        ),
    })
}
