package org.millwright.notification;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;

/**
 * What people say of a channel's target; which fields belong to it depends on its kind, and any other is refused.
 *
 * @param smtp host and port
 */
public record TargetFields(
        Optional<String> url,
        Optional<String> secret,
        Optional<String> token,
        Optional<String> smtp,
        Optional<String> tls,
        Optional<String> user,
        Optional<String> password,
        Optional<String> from,
        List<String> to) {
    private static final Pattern SMTP = Pattern.compile("(.+):(\\d{1,5})");
    private static final Map<Channel.Kind, List<String>> FIELDS = Map.of(
            Channel.Kind.WEBHOOK, List.of("url", "secret"),
            Channel.Kind.SLACK, List.of("url"),
            Channel.Kind.TEAMS, List.of("url"),
            Channel.Kind.ALERTMANAGER, List.of("url", "token"),
            Channel.Kind.EMAIL, List.of("smtp", "tls", "user", "password", "from", "to"));

    public TargetFields {
        to = List.copyOf(to);
    }

    /** The target of a kind; a webhook without a secret gets a new one. */
    public Target target(Channel.Kind kind) {
        requireFitting(kind);
        return switch (kind) {
            case WEBHOOK -> new Target.Webhook(require("url", url), secret.orElseGet(Channels::newSecret));
            case SLACK -> new Target.Slack(require("url", url));
            case TEAMS -> new Target.Teams(require("url", url));
            case ALERTMANAGER -> new Target.Alertmanager(require("url", url), token.orElse(""));
            case EMAIL -> email();
        };
    }

    private Target email() {
        String server = require("smtp", smtp);
        Matcher parts = SMTP.matcher(server);
        if (!parts.matches()) {
            throw new Problem.Invalid("smtp: '" + server + "' (expected: HOST:PORT, such as mail.example.org:587)");
        }
        return new Target.Email(
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                secrecy(),
                user.orElse(""),
                password.orElse(""),
                require("from", from),
                to);
    }

    private Target.Email.Tls secrecy() {
        String text = tls.orElse("starttls");
        for (Target.Email.Tls each : Target.Email.Tls.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new Problem.Invalid("tls: '" + text + "' (expected: starttls, implicit or none)");
    }

    private void requireFitting(Channel.Kind kind) {
        var given = new TreeMap<String, Optional<String>>();
        given.put("url", url);
        given.put("secret", secret);
        given.put("token", token);
        given.put("smtp", smtp);
        given.put("tls", tls);
        given.put("user", user);
        given.put("password", password);
        given.put("from", from);
        given.put("to", to.stream().findFirst());
        var wrong = new ArrayList<String>();
        List<String> known = FIELDS.getOrDefault(kind, List.of());
        given.forEach((name, value) -> {
            if (value.isPresent() && !known.contains(name)) {
                wrong.add(name);
            }
        });
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join(", ", wrong) + (wrong.size() == 1 ? " means" : " mean")
                    + " nothing to a channel of kind " + kind.text() + " (known: " + String.join(", ", known) + ")");
        }
    }

    private static String require(String name, Optional<String> value) {
        return value.filter(text -> !text.isBlank())
                .orElseThrow(() -> new Problem.Invalid("The channel needs " + name));
    }
}
