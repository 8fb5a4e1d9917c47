package org.millwright.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/**
 * Publishes policies and puts them in force, each by another person; tells which are in force.
 *
 * <p>A text never changes. What is in force is what the ledger says; a database that says otherwise, or that holds a text
 * of another digest, was altered, and nothing that policies govern is let through until that is mended.
 */
public final class Policies {
    private static final int PARSED = 256;
    private static final String SUBJECT = Policy.POLICIES;

    private final Database database;
    private final Ledger ledger;
    private final Artifacts artifacts;
    private final Users users;
    private final BooleanSupplier accounts;
    private final Clock clock;
    private final PolicyStore store;
    private final Map<String, Policy> parsed = new ConcurrentHashMap<>();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Map<String, String> noted;

    /** @param accounts whether there is anybody beside the local owner, so that it takes two */
    public Policies(
            Database database, Ledger ledger, Artifacts artifacts, Users users, BooleanSupplier accounts, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.artifacts = artifacts;
        this.users = users;
        this.accounts = accounts;
        this.clock = clock;
        this.store = new PolicyStore(database);
    }

    /** Keeps a text, which is not in force by that; the same text again changes nothing. */
    public PolicyVersion publish(Actor by, String text) {
        requireMay(by, "publishes");
        Policy policy = Policy.parse(text);
        if (policy.name().equals(Policy.CONDITIONS)) {
            throw new Problem.Invalid(
                    "name: '" + Policy.CONDITIONS + "' is what the conditions of approvals are judged as",
                    "Choose another name.");
        }
        artifacts.put(policy.text().getBytes(StandardCharsets.UTF_8));
        return database.write(() -> {
            Optional<PolicyVersion> known = find(policy.name(), policy.digest());
            if (known.isPresent() && isWhole(known.get())) {
                return known.get();
            }
            var version =
                    new PolicyVersion(policy.name(), policy.digest(), policy.text(), false, by.id(), clock.millis());
            store.put(version);
            ledger.append(by, "policy.published", subjects(policy.name()), details(policy.digest()));
            return version;
        });
    }

    /**
     * Puts a published version in force, in place of the one before; by another person than who published it.
     *
     * @param digest the version's, or its beginning
     */
    public PolicyVersion activate(Actor by, String name, String digest, String reason) {
        requireMay(by, "puts in force");
        requireReason(reason, "mw policy activate " + name + " " + digest + " --reason …");
        return noticing(() -> database.write(() -> {
            PolicyVersion version = version(name, digest);
            if (!isWhole(version)) {
                throw new Altered(name, version.digest(), "its text no longer has this digest");
            }
            if (isOwn(by, version.publishedBy())) {
                throw new Problem.Denied(
                        by.name() + " published this version of " + name + " and cannot put it in force",
                        "Ask another person with the role admin or approver: mw policy activate " + name + " "
                                + version.digest());
            }
            ObjectNode details = details(version.digest()).put("reason", reason);
            Optional.ofNullable(store.inForce().get(name)).ifPresent(old -> details.put("before", old.digest()));
            store.activate(new PolicyStore.InForce(name, version.digest(), by.id(), clock.millis(), reason));
            ledger.append(by, "policy.activated", subjects(name), details);
            database.afterCommit(() -> noted = null);
            return version;
        }));
    }

    /** Takes a policy out of force; by another person than who put it there. One that came with Millwright counts again. */
    public void retire(Actor by, String name, String reason) {
        requireMay(by, "takes out of force");
        requireReason(reason, "mw policy retire " + name + " --reason …");
        database.write(() -> {
            PolicyStore.InForce old = Optional.ofNullable(store.inForce().get(name))
                    .orElseThrow(() -> new Problem.NotFound(
                            "No published version of policy " + name + " is in force", "mw policy list"));
            if (isOwn(by, old.by())) {
                throw new Problem.Denied(
                        by.name() + " put " + name + " in force and cannot take it out",
                        "Ask another person with the role admin or approver: mw policy retire " + name);
            }
            store.retire(name);
            ledger.append(
                    by, "policy.retired", subjects(name), details(old.digest()).put("reason", reason));
            database.afterCommit(() -> noted = null);
        });
    }

    /** Whether it was the same person, by whatever account; alone on a machine one person is enough. */
    boolean isOwn(Actor by, String other) {
        return users.samePerson(by.id(), other) && (by.authenticated() || accounts.getAsBoolean());
    }

    void requireMay(Actor by, String does) {
        users.access().require(by, Permission.MANAGE_POLICIES);
        if (!by.isPerson()) {
            throw new Problem.Denied("Only a person " + does + " a policy", "Ask an administrator or an approver.");
        }
    }

    static void requireReason(String reason, String example) {
        if (reason.isBlank()) {
            throw new Problem.Invalid("Say why: this changes what everybody may do", example);
        }
    }

    static List<String> subjects(String name) {
        return List.of(Policy.ref(name), SUBJECT);
    }

    static ObjectNode details(String digest) {
        return Json.object().put("digest", digest);
    }

    /** What is in force now, by name. Refuses when the database was altered. */
    public List<Policy> inForce() {
        return noticing(() -> database.read(() -> List.copyOf(whole().values())));
    }

    private Map<String, Policy> whole() {
        Map<String, PolicyStore.InForce> rows = rowsAsNoted();
        var policies = new TreeMap<>(BuiltIn.all());
        rows.values().forEach(row -> policies.put(row.name(), load(row.name(), row.digest())));
        return policies;
    }

    /** What the database says is in force, when the ledger says the same. */
    private Map<String, PolicyStore.InForce> rowsAsNoted() {
        Map<String, PolicyStore.InForce> rows = store.inForce();
        Map<String, String> known = noted;
        if (known == null || !known.equals(digests(rows))) {
            known = fold();
            noted = known;
            // Read anew: a decision may have been committed between the two.
            rows = store.inForce();
        }
        requireSame(known, digests(rows));
        return rows;
    }

    private static Map<String, String> digests(Map<String, PolicyStore.InForce> rows) {
        var digests = new TreeMap<String, String>();
        rows.forEach((name, row) -> digests.put(name, row.digest()));
        return digests;
    }

    private static void requireSame(Map<String, String> known, Map<String, String> digests) {
        for (String name : union(known.keySet(), digests.keySet())) {
            Altered.between(name, known, digests).ifPresent(found -> {
                throw found;
            });
        }
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        var all = new TreeSet<>(a);
        all.addAll(b);
        return all;
    }

    /** What the ledger says is in force: digests by name. */
    private Map<String, String> fold() {
        var digests = new TreeMap<String, String>();
        for (Entry entry : ledger.about(SUBJECT)) {
            String name = entry.subject().substring(Policy.ref("").length());
            switch (entry.action()) {
                case "policy.activated" ->
                    digests.put(name, entry.details().path("digest").asText());
                case "policy.retired" -> digests.remove(name);
                default -> {}
            }
        }
        return digests;
    }

    private Policy load(String name, String digest) {
        PolicyVersion version = find(name, digest)
                .orElseThrow(() -> new Altered(name, digest, "its text is no longer in the database"));
        if (!isWhole(version)) {
            throw new Altered(name, digest, "its text no longer has this digest");
        }
        return parsed(version.text(), digest);
    }

    private static boolean isWhole(PolicyVersion version) {
        return Policy.digest(version.text()).equals(version.digest());
    }

    private Policy parsed(String text, String digest) {
        if (parsed.size() >= PARSED) {
            parsed.clear();
        }
        return parsed.computeIfAbsent(digest, key -> Policy.parse(text));
    }

    /** Tells the ledger once of each alteration that the work finds, after its transaction. */
    private <T> T noticing(Supplier<T> work) {
        try {
            return work.get();
        } catch (Altered e) {
            throw altered(e);
        }
    }

    private Problem altered(Altered found) {
        String name = found.name();
        String digest = found.digest();
        if (told.add(name + digest + found.what())) {
            Undone.keep(
                    database,
                    () -> ledger.append(
                            Actor.SYSTEM,
                            "policy.altered",
                            subjects(name),
                            details(digest).put("found", found.what())));
        }
        return new Problem.Refused(
                "Policy " + name + (digest.isEmpty() ? "" : " " + digest.substring(0, 12))
                        + " was altered in the database: " + found.what()
                        + "; nothing that policies govern is let through",
                "Publish the text that was agreed again and let another person put it in force: mw policy publish FILE");
    }

    /**
     * A policy as the directory of policies shows it.
     *
     * @param inForce empty also when that cannot be told
     * @param altered what nobody decided; then nothing that policies govern is let through
     */
    public record Listed(
            String name,
            Optional<Policy> inForce,
            boolean builtIn,
            String activatedBy,
            long activatedAt,
            String reason,
            int versions,
            Optional<String> altered) {}

    /** Every policy that was published or came with Millwright, by name; also those that were altered in the database. */
    public List<Listed> list() {
        var found = new ArrayList<Altered>();
        List<Listed> all = database.read(() -> {
            Map<String, PolicyStore.InForce> rows = store.inForce();
            Map<String, String> known = fold();
            var names = union(
                    union(BuiltIn.all().keySet(), known.keySet()), union(rows.keySet(), Set.copyOf(store.names())));
            return names.stream().map(name -> listed(name, known, rows, found)).toList();
        });
        found.forEach(this::altered);
        return all;
    }

    private Listed listed(
            String name, Map<String, String> known, Map<String, PolicyStore.InForce> rows, List<Altered> found) {
        Optional<PolicyStore.InForce> row = Optional.ofNullable(rows.get(name));
        Optional<Policy> inForce = Optional.empty();
        Optional<Altered> altered = Altered.between(name, known, digests(rows));
        if (altered.isEmpty()) {
            try {
                inForce = row.map(each -> load(name, each.digest()))
                        .or(() -> Optional.ofNullable(BuiltIn.all().get(name)));
            } catch (Altered e) {
                altered = Optional.of(e);
            }
        }
        altered.ifPresent(found::add);
        return new Listed(
                name,
                inForce,
                row.isEmpty() && inForce.isPresent(),
                row.map(PolicyStore.InForce::by).orElse(""),
                row.map(PolicyStore.InForce::at).orElse(0L),
                row.map(PolicyStore.InForce::reason).orElse(""),
                versions(name).size(),
                altered.map(Altered::what));
    }

    public Listed get(String name) {
        return list().stream()
                .filter(listed -> listed.name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** Every version of a policy, newest first, with the one that came with Millwright last. */
    public List<PolicyVersion> versions(String name) {
        var versions = new ArrayList<>(database.read(() -> store.versions(name)));
        builtIn(name)
                .filter(own ->
                        versions.stream().noneMatch(version -> version.digest().equals(own.digest())))
                .ifPresent(versions::add);
        return versions;
    }

    /** @param digest the version's, or its beginning; "" for the newest */
    public PolicyVersion version(String name, String digest) {
        List<PolicyVersion> versions = versions(name);
        if (versions.isEmpty()) {
            throw unknown(name);
        }
        List<PolicyVersion> found = versions.stream()
                .filter(version -> version.digest().startsWith(digest))
                .toList();
        if (found.isEmpty() || found.size() > 1 && !digest.isEmpty()) {
            throw new Problem.NotFound(
                    (found.isEmpty() ? "No version" : found.size() + " versions") + " of policy " + name
                            + " begin with '" + digest + "'",
                    "mw policy show " + name);
        }
        return found.getFirst();
    }

    private static Problem.NotFound unknown(String name) {
        return new Problem.NotFound("No policy named " + name, "mw policy list");
    }

    private Optional<PolicyVersion> find(String name, String digest) {
        return store.version(name, digest)
                .or(() -> builtIn(name).filter(own -> own.digest().equals(digest)));
    }

    private static Optional<PolicyVersion> builtIn(String name) {
        return Optional.ofNullable(BuiltIn.all().get(name))
                .map(own -> new PolicyVersion(name, own.digest(), own.text(), true, Actor.SYSTEM.id(), 0));
    }

    /** The policy of a digest as it was when it decided something, whatever became of it since. */
    public Policy kept(String digest) {
        return parsed(new String(artifacts.bytes(digest), StandardCharsets.UTF_8), digest);
    }

    /** Keeps the text of a policy that decides something. */
    public void keep(Policy policy) {
        artifacts.put(policy.text().getBytes(StandardCharsets.UTF_8));
    }
}
