package org.millwright.notification;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.millwright.egress.SecretBox;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;
import org.millwright.project.Projects;

/**
 * Adds, tries and removes channels. Those of a project are for its members who may manage channels, those of the whole
 * installation for operators; whoever may read a project sees where its channels lead.
 */
public final class Channels {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST = 200;
    private static final int SHOWN = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Projects projects;
    private final NotificationSettings settings;
    private final Supplier<String> base;
    private final Clock clock;
    private final Ids ids;
    private final ChannelStore store;
    private final NoticeStore notices;
    private final SecretBox box;
    private final Sender sender;

    /**
     * @param base URL of the pages unless the settings name one
     * @param key file with the key that secrets are kept with; made when it is not there
     */
    public Channels(
            Database database,
            Ledger ledger,
            Access access,
            Projects projects,
            NotificationSettings settings,
            Mailer mailer,
            Supplier<String> base,
            Path key,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.projects = projects;
        this.settings = settings;
        this.base = base;
        this.clock = clock;
        this.ids = ids;
        this.store = new ChannelStore(database);
        this.notices = new NoticeStore(database);
        this.box = SecretBox.open(key);
        this.sender = new Sender(settings, mailer, clock);
    }

    /** What is asked for; see {@link Channel}. */
    public record Request(
            String name,
            Optional<String> project,
            Target target,
            Route route,
            Duration escalatesAfter,
            Optional<QuietHours> quiet) {}

    /** A new secret for a webhook, in the form of Standard Webhooks. */
    public static String newSecret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }

    public Channel add(Actor by, Request asked) {
        requireManage(by, asked.project());
        check(asked);
        var channel = new Channel(
                ids.next(),
                asked.name(),
                asked.project(),
                asked.target().kind(),
                asked.target().shown(),
                asked.route(),
                asked.escalatesAfter(),
                asked.quiet(),
                Optional.empty(),
                clock.millis(),
                by.id());
        return database.write(() -> {
            if (store.live().size() >= MOST) {
                throw new Problem.Conflict("There are " + MOST + " channels, the most there can be", "mw channel list");
            }
            if (!store.insert(channel, box.close(asked.target().text()))) {
                throw new Problem.Conflict(
                        "A channel named " + asked.name() + " exists already",
                        "Choose another name, or: mw channel remove " + asked.name());
            }
            ledger.append(by, "channel.added", subjects(channel), details(channel));
            return channel;
        });
    }

    /** Tells it nothing more; what was on its way is given up. */
    public void remove(Actor by, String name) {
        database.write(() -> {
            Channel channel = require(name);
            requireManage(by, channel.project());
            store.remove(channel.id());
            notices.forget(channel.id(), "the channel was removed", clock.millis());
            ledger.append(by, "channel.removed", subjects(channel), details(channel));
        });
    }

    /** Those that the actor may see, by name. */
    public List<Channel> list(Actor by) {
        return database.read(store::live).stream()
                .filter(channel -> access.allows(by, Permission.READ, channel.project()))
                .toList();
    }

    public Channel get(Actor by, String name) {
        Channel channel = database.read(() -> require(name));
        if (channel.project().isPresent()) {
            access.require(by, Permission.READ, channel.project().get());
        } else {
            access.require(by, Permission.READ);
        }
        return channel;
    }

    public boolean mayManage(Actor by, Optional<String> project) {
        return access.allows(by, project.isPresent() ? Permission.MANAGE_CHANNELS : Permission.OPERATE, project);
    }

    /** What came of a trial. */
    public record Trial(boolean success, String said) {}

    /** Sends a message that says it is a test, at once and only once. */
    public Trial test(Actor by, String name) {
        Channel channel = get(by, name);
        requireManage(by, channel.project());
        var message = new Message(ids.next(), name, Optional.empty(), List.of(), base(), clock.millis());
        return switch (send(channel.id(), message)) {
            case Sender.Outcome.Sent sent -> {
                database.write(() -> store.works(channel.id()));
                yield new Trial(true, sent.answer());
            }
            case Sender.Outcome.Later later -> new Trial(false, later.why());
            case Sender.Outcome.Never never -> new Trial(false, never.why());
        };
    }

    /** Deliveries that the actor may see, newest first; of one channel when it is named. */
    public List<Delivery> deliveries(Actor by, Optional<String> name, Optional<Delivery.State> state, int limit) {
        List<String> which = name.map(one -> List.of(get(by, one))).orElseGet(() -> list(by)).stream()
                .map(Channel::id)
                .toList();
        return database.read(() -> notices.list(which, state, Math.clamp(limit, 1, SHOWN)));
    }

    /** Sends what was given up again, and tells how many deliveries those are. */
    public int retry(Actor by, String name) {
        Channel channel = get(by, name);
        requireManage(by, channel.project());
        return database.write(() -> {
            int again = notices.retry(channel.id(), clock.millis());
            if (again > 0) {
                ledger.append(
                        by, "channel.retried", subjects(channel), Json.object().put("deliveries", again));
            }
            return again;
        });
    }

    /** Sends a message; for this room's deliveries. */
    Sender.Outcome send(String channelId, Message message) {
        Optional<ChannelStore.Sealed> kept = database.read(() -> store.sealed(channelId));
        if (kept.isEmpty()) {
            return new Sender.Outcome.Never("the channel was removed");
        }
        try {
            return sender.send(
                    Target.read(kept.get().kind(), box.open(kept.get().text())), message);
        } catch (IllegalStateException e) {
            return new Sender.Outcome.Later(String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    /** URL under which people reach the pages. */
    String base() {
        return settings.base().orElseGet(base);
    }

    ChannelStore store() {
        return store;
    }

    private void check(Request asked) {
        if (!NAME.matcher(asked.name()).matches()) {
            throw new Problem.Invalid("name: '" + shortened(asked.name())
                    + "' (expected: 1 to 63 small letters, digits, '.', '_' or '-', a letter or digit first and last)");
        }
        asked.project().ifPresent(projects::get);
        Duration after = asked.escalatesAfter();
        if (after.isNegative() || after.compareTo(LONGEST) > 0) {
            throw new Problem.Invalid("after: " + after.toMinutes() + " minutes (expected: 0 to 30 days)");
        }
        asked.target().check(settings.destinations());
    }

    private void requireManage(Actor by, Optional<String> project) {
        if (project.isPresent()) {
            access.require(by, Permission.MANAGE_CHANNELS, project.get());
        } else {
            access.require(by, Permission.OPERATE);
        }
    }

    private Channel require(String name) {
        return store.find(name)
                .orElseThrow(() -> new Problem.NotFound("No channel named " + shortened(name), "mw channel list"));
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 80 ? line.substring(0, 80) + "…" : line;
    }

    private static List<String> subjects(Channel channel) {
        return channel.project()
                .map(project -> List.of(channel.ref(), Project.ref(project)))
                .orElse(List.of(channel.ref()));
    }

    private static ObjectNode details(Channel channel) {
        ObjectNode details = Json.object()
                .put("kind", channel.kind().text())
                .put("target", channel.target())
                .put("escalatesAfter", channel.escalatesAfter().toString());
        details.set("route", Json.tree(channel.route()));
        return details;
    }
}
