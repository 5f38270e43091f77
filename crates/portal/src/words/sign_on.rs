//! Why the word of the operator's provider does not let somebody in.

use app::accounts::SignOnRefusal;
use domain::Language;

/// What happened and what to do about it. `provider` is what people call it.
pub(crate) fn sign_on(refusal: SignOnRefusal, provider: &str, language: Language) -> (String, String) {
    let t = |spanish: &str, english: &str| language.pick(spanish, english).replace("{provider}", provider);
    match refusal {
        SignOnRefusal::None => (
            t("Aquí no se entra con ningún otro proveedor.", "Nobody signs in by another provider here."),
            t("Entra con tu contraseña o con una llave de acceso.", "Sign in with your password or a passkey."),
        ),
        SignOnRefusal::State => (
            t(
                "Empezaste a entrar en otro navegador, tardaste más de diez minutos o ese enlace ya se había usado.",
                "You began to sign in in another browser, took more than ten minutes, or that link was used before.",
            ),
            t("Vuelve a empezar: solo lleva un momento.", "Begin again: it only takes a moment."),
        ),
        SignOnRefusal::Denied => (
            t(
                "{provider} no te ha dejado pasar, o lo cancelaste. No se ha cambiado nada.",
                "{provider} did not let you through, or you cancelled. Nothing was changed.",
            ),
            t(
                "Prueba otra vez; si {provider} sigue diciendo que no, pregunta a quien lo gestiona.",
                "Try again; if {provider} keeps saying no, ask whoever runs it.",
            ),
        ),
        SignOnRefusal::Provider => (
            t("{provider} no responde, o ha respondido con un error.", "{provider} does not answer, or answered with an error."),
            t(
                "Prueba otra vez dentro de un minuto. Si sigue igual, avisa a quien gestiona {provider}: en el registro del portal está la causa.",
                "Try again in a minute. If it stays so, tell whoever runs {provider}: the cause is in the portal's log.",
            ),
        ),
        SignOnRefusal::Token => (
            t("Lo que ha dicho {provider} no se puede dar por bueno.", "What {provider} said cannot be believed."),
            t(
                "Avisa a quien gestiona este portal: en su registro está la causa.",
                "Tell whoever runs this portal: the cause is in its log.",
            ),
        ),
        SignOnRefusal::NoRole => (
            t(
                "{provider} te conoce, pero no te da ningún papel en este portal.",
                "{provider} knows you, but gives you no role in this portal.",
            ),
            t(
                "Pide a quien gestiona tu cuenta en {provider} que te ponga en el grupo que toca y vuelve a entrar.",
                "Ask whoever looks after your account at {provider} to put you into the right group, and sign in again.",
            ),
        ),
        SignOnRefusal::Unverified => (
            t("{provider} no confirma que tu dirección de correo sea tuya.", "{provider} does not vouch for your e-mail address."),
            t("Confírmala en {provider} y vuelve a entrar.", "Confirm it at {provider} and sign in again."),
        ),
        SignOnRefusal::AddressTaken => (
            t(
                "Ya hay una cuenta con tu dirección, y que la dirección sea la misma no demuestra que seas la misma persona.",
                "There is an account with your address already, and the same address does not show that you are the same person.",
            ),
            t(
                "Demuestra aquí que la cuenta es tuya, como siempre. Después te llevamos otra vez a {provider} y te preguntamos si quieres enlazarlas.",
                "Show here that the account is yours, as ever. Then we take you to {provider} once more and ask whether to link both.",
            ),
        ),
        SignOnRefusal::OtherPerson => (
            t(
                "En {provider} ha entrado otra persona, no quien tiene abierta esta sesión.",
                "Somebody else signed in at {provider} than has this session open.",
            ),
            t("Vuelve a intentarlo con tu cuenta de {provider}.", "Try again with your own account at {provider}."),
        ),
        SignOnRefusal::NotAsked => (
            t(
                "{provider} no te ha vuelto a preguntar quién eres, y para esto hace falta.",
                "{provider} did not ask you again who you are, and this takes it.",
            ),
            t(
                "Prueba otra vez; si no te pregunta, sal de {provider} y vuelve a entrar.",
                "Try once more; if it does not ask, leave {provider} and sign in again.",
            ),
        ),
    }
}
