package org.millwright.evidence;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.RegisteredModel;

/** What people write into cards. A text stands for its version and for those after it, until somebody writes a newer one. */
public final class CardSections {
    /** Characters of a section. */
    public static final int MOST = 20_000;

    private static final String MODEL = "model:";

    private final Database database;
    private final RecordRooms rooms;
    private final Access access;
    private final Clock clock;
    private final Ids ids;
    private final CardStore store;

    public CardSections(Database database, RecordRooms rooms, Clock clock, Ids ids) {
        this.database = database;
        this.rooms = rooms;
        this.access = rooms.users().access();
        this.clock = clock;
        this.ids = ids;
        this.store = new CardStore(database);
    }

    /** Writes a section of a model's card, for a version and those after it; the same text again changes nothing. */
    public Written write(Actor by, ModelVersion version, Section section, String text) {
        RegisteredModel model = rooms.models().get(by, version.name());
        requireWriter(by, model.project());
        Optional<Written> before =
                Optional.ofNullable(of(model, version.version()).get(section));
        return write(by, MODEL + model.name(), List.of(version.subject()), before, version.version(), section, text);
    }

    /** Writes a section of a dataset's card. */
    public Written write(Actor by, String dataset, Section section, String text) {
        String owner = project(dataset);
        access.require(by, Permission.MANAGE_DATA, owner);
        Optional<Written> before = Optional.ofNullable(ofDataset(dataset).get(section));
        return write(by, "dataset:" + dataset, List.of(), before, 0, section, text);
    }

    private Written write(
            Actor by,
            String subject,
            List<String> others,
            Optional<Written> before,
            long version,
            Section section,
            String text) {
        String kept = text.strip().replace("\r\n", "\n");
        requireText(kept);
        if (before.filter(old -> old.version() == version && old.text().equals(kept))
                .isPresent()) {
            return before.get();
        }
        var written = new Written(section, version, kept, by.id(), clock.millis());
        var subjects = new ArrayList<String>(List.of(subject));
        subjects.addAll(others);
        database.write(() -> {
            store.insert(ids.next(), subject, written);
            rooms.ledger()
                    .append(
                            by,
                            "card.section-written",
                            subjects,
                            Json.object()
                                    .put("section", section.id())
                                    .put("version", version)
                                    .put("sha256", sha256(kept)));
            return written;
        });
        return written;
    }

    static String sha256(String text) {
        return Json.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void requireText(String text) {
        if (text.isEmpty()) {
            throw new Problem.Invalid("The section is empty (expected: a text)");
        }
        if (text.length() > MOST) {
            throw new Problem.TooLarge(
                    "The section has " + text.length() + " characters (expected: at most " + MOST + ")",
                    "Say it shorter, or link to a document.");
        }
        if (!Json.isText(text)) {
            throw new Problem.Invalid("The section holds what is no text (expected: UTF-8 without NUL)");
        }
    }

    /** Whoever registers models of the project or approves there; both know what only people know. */
    private void requireWriter(Actor by, Optional<String> project) {
        if (!mayWrite(by, project)) {
            project.ifPresentOrElse(
                    name -> access.require(by, Permission.REGISTER, name),
                    () -> access.require(by, Permission.REGISTER));
        }
    }

    boolean mayWrite(Actor by, Optional<String> project) {
        return access.allows(by, Permission.REGISTER, project) || access.allows(by, Permission.APPROVE, project);
    }

    boolean mayWrite(Actor by, String dataset) {
        return access.allows(by, Permission.MANAGE_DATA, Optional.of(project(dataset)));
    }

    /** The project that a dataset belongs to. */
    String project(String dataset) {
        return rooms.projects().list().stream()
                .filter(project -> rooms.datasets().names(project.name()).contains(dataset))
                .findFirst()
                .orElseThrow(() -> new Problem.NotFound("No dataset " + dataset, "mw data list"))
                .name();
    }

    /** What stands in each section for a version. Names that the model had before are followed. */
    Map<Section, Written> of(RegisteredModel model, long version) {
        var texts = new ArrayList<Written>();
        for (Named named : names(model)) {
            database.read(() -> store.upTo(MODEL + named.name(), version)).stream()
                    .filter(text -> text.at() >= model.createdAt() && text.at() <= named.until())
                    .forEach(texts::add);
        }
        return newest(texts);
    }

    Map<Section, Written> ofDataset(String dataset) {
        return newest(database.read(() -> store.upTo("dataset:" + dataset, 0)));
    }

    private static Map<Section, Written> newest(List<Written> texts) {
        var newest = new EnumMap<Section, Written>(Section.class);
        for (Written text : texts) {
            newest.merge(text.section(), text, (old, next) -> next.version() >= old.version() ? next : old);
        }
        return newest;
    }

    /** A name of the model and until when it had it. */
    private record Named(String name, long until) {}

    /** Older names first, so that of texts for the same version the newer one counts. */
    private List<Named> names(RegisteredModel model) {
        var names = new ArrayList<Named>(List.of(new Named(model.name(), Long.MAX_VALUE)));
        Set<String> seen = new HashSet<>(Set.of(model.name()));
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).name();
            for (Entry entry : rooms.ledger().about(MODEL + name)) {
                boolean to = entry.action().equals("model.renamed")
                        && entry.details().path("to").asText().equals(name)
                        && entry.subject().startsWith(MODEL);
                String old = to ? entry.subject().substring(MODEL.length()) : name;
                if (seen.add(old)) {
                    names.add(new Named(old, entry.at()));
                }
            }
        }
        return names.reversed();
    }
}
