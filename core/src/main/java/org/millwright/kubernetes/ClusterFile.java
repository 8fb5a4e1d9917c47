package org.millwright.kubernetes;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/**
 * What {@code kubernetes.yaml} declares.
 *
 * @param name of all that is made, and what others are called after
 * @param image that runs mw
 * @param server address of the control plane, for scorers
 * @param secret with the scorers' token and the key that bundles are signed with
 * @param reconcile whether the control plane itself makes and keeps the scorers
 * @param controlPlane empty when it runs elsewhere
 * @param text of the file, which a control plane that reconciles is given
 */
public record ClusterFile(
        String name,
        String namespace,
        String image,
        URI server,
        String secret,
        boolean reconcile,
        Optional<ControlPlane> controlPlane,
        List<Scorers> scorers,
        String text) {
    /** Where people keep it. */
    public static final String FILE = "kubernetes.yaml";

    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,254}");
    private static final Pattern CPU = Pattern.compile("[0-9]{1,5}m|[0-9]{1,3}(\\.[0-9]{1,3})?");
    private static final Pattern BYTES = Pattern.compile("[1-9][0-9]{0,5}(Mi|Gi|Ti)");
    private static final Pattern DEPLOYMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final String SETTING = "[A-Za-z]+=[A-Za-z0-9_./-]+";
    /** Who connects is told by the secret, never by the address. */
    private static final Pattern JDBC = Pattern.compile("(?!.*[?&](user|password)=)jdbc:postgresql://[A-Za-z0-9._-]+"
            + "(:[0-9]{1,5})?/[A-Za-z0-9_-]{1,63}(\\?" + SETTING + "(&" + SETTING + ")*)?");

    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final int MOST_REPLICAS = 1_000;
    private static final int MOST_POOLS = 50;

    public ClusterFile {
        scorers = List.copyOf(scorers);
    }

    /** What a container may take. */
    public record Resources(String cpu, String memory) {}

    /**
     * The server with the metadata.
     *
     * @param storage bytes of its volume
     * @param storageClass of its volume; empty for the cluster's own choice
     * @param database where the metadata are; empty for SQLite on the volume
     * @param access who may ask it
     */
    public record ControlPlane(
            Resources resources,
            String storage,
            Optional<String> storageClass,
            Optional<Database> database,
            Access access) {}

    /**
     * A PostgreSQL database.
     *
     * @param url for JDBC
     * @param secret with {@code user} and {@code password}
     */
    public record Database(String url, String secret) {}

    /**
     * Who may ask, beside pods of the namespace by a service's own name.
     *
     * @param clients other namespaces
     * @param hosts other names, such as an ingress's
     */
    public record Access(List<String> clients, List<String> hosts) {
        static final Access NONE = new Access(List.of(), List.of());
    }

    /**
     * A group of equal scorers.
     *
     * @param deployments the only ones that they answer for; none for all that their token may serve
     * @param least replicas
     * @param most replicas; more than the least ones where the processors are busy
     * @param cpu share of the requested processors, in percent, above which there are more replicas
     * @param access who may ask them
     */
    public record Scorers(
            String name, List<String> deployments, int least, int most, int cpu, Resources resources, Access access) {
        /** Whether there are more replicas at some times than at others. */
        public boolean scales() {
            return most > least;
        }
    }

    /** Reads the text of a file; one {@link Problem.Invalid} names all that is wrong with it. */
    public static ClusterFile parse(String text) {
        Yaml.Value root = Yaml.parse(FILE, text)
                .only(
                        "apiVersion",
                        "kind",
                        "name",
                        "namespace",
                        "image",
                        "server",
                        "secret",
                        "reconcile",
                        "control-plane",
                        "scorers");
        expect(root, "apiVersion", "millwright/v1");
        expect(root, "kind", "Kubernetes");
        String name = matching(root, "name", "millwright", NAME, "a name of a-z, 0-9 and '-'");
        String namespace = matching(root, "namespace", name, NAME, "a name of a-z, 0-9 and '-'");
        root.need("image");
        String image = matching(root, "image", "none", IMAGE, "a container image");
        Optional<ControlPlane> controlPlane = controlPlane(root, name);
        URI server = root.read(
                "server",
                URI.create("http://" + name + "." + namespace + ".svc:5000"),
                "an address such as http://HOST:5000",
                ClusterFile::address);
        var file = new ClusterFile(
                name,
                namespace,
                image,
                server,
                matching(root, "secret", name + "-scorer", NAME, "a secret's name"),
                root.flag("reconcile", false),
                controlPlane,
                scorers(root),
                text);
        if (root.has("server") && root.has("control-plane")) {
            root.error("'server' names a control plane elsewhere, and 'control-plane' one of this file: leave one out");
        }
        if (file.reconcile() && controlPlane.isEmpty()) {
            root.error("'reconcile' is for the control plane of this file, and there is none: leave 'server' out");
        }
        root.finish();
        return file;
    }

    private static void expect(Yaml.Value root, String key, String value) {
        if (!root.text(key).equals(value)) {
            root.get(key).ifPresent(found -> found.error("expected " + value));
        }
    }

    private static String matching(Yaml.Value at, String key, String usual, Pattern form, String expected) {
        return at.read(key, usual, expected, text -> {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
    }

    private static URI address(String text) {
        URI uri = URI.create(text);
        if (!text.matches("https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?/?")) {
            throw new IllegalArgumentException(text);
        }
        return uri;
    }

    private static Optional<ControlPlane> controlPlane(Yaml.Value root, String name) {
        if (root.has("server")) {
            return Optional.empty();
        }
        Optional<Yaml.Value> given = root.get("control-plane");
        given.ifPresent(value ->
                value.only("resources", "storage", "storage-class", "database", "database-secret", "clients", "hosts"));
        return Optional.of(new ControlPlane(
                given.map(value -> resources(value, "1", "2Gi")).orElse(new Resources("1", "2Gi")),
                given.map(value -> matching(value, "storage", "20Gi", BYTES, "bytes such as 20Gi"))
                        .orElse("20Gi"),
                given.filter(value -> value.has("storage-class"))
                        .map(value -> matching(value, "storage-class", "", NAME, "a storage class")),
                given.filter(value -> value.has("database")).map(value -> database(value, name)),
                given.map(ClusterFile::access).orElse(Access.NONE)));
    }

    private static Database database(Yaml.Value at, String name) {
        return new Database(
                matching(at, "database", "", JDBC, "jdbc:postgresql://HOST:PORT/NAME, without user and password"),
                matching(at, "database-secret", name + "-database", NAME, "a secret's name"));
    }

    private static List<Scorers> scorers(Yaml.Value root) {
        var pools = new ArrayList<Scorers>();
        var names = new HashSet<String>();
        List<Yaml.Value> items = root.get("scorers").map(Yaml.Value::items).orElse(List.of());
        for (Yaml.Value item : items) {
            item.only("name", "deployments", "replicas", "resources", "clients", "hosts");
            Scorers pool = pool(item);
            if (!names.add(pool.name())) {
                item.error("the name '" + pool.name() + "' occurs a second time");
            }
            pools.add(pool);
        }
        if (pools.size() > MOST_POOLS) {
            root.error("at most " + MOST_POOLS + " groups of scorers, got " + pools.size());
        }
        return pools;
    }

    private static Scorers pool(Yaml.Value item) {
        item.need("name");
        String name = matching(item, "name", "scorers", NAME, "a name of a-z, 0-9 and '-'");
        Optional<Yaml.Value> replicas = item.get("replicas");
        replicas.ifPresent(value -> value.only("min", "max", "cpu"));
        int least = replicas.map(value -> value.integer("min", 2)).orElse(2);
        int most =
                replicas.map(value -> value.integer("max", Math.max(least, 2))).orElse(least);
        int cpu = replicas.map(value -> value.integer("cpu", 70)).orElse(70);
        if (least < 1 || most < least || most > MOST_REPLICAS) {
            item.error("replicas: min " + least + ", max " + most + " (expected: 1 <= min <= max <= " + MOST_REPLICAS
                    + ")");
        }
        if (cpu < 10 || cpu > 100) {
            item.error("replicas: cpu " + cpu + " (expected: 10 to 100 percent)");
        }
        List<String> deployments = all(item, "deployments", DEPLOYMENT, "a deployment's name");
        return new Scorers(name, deployments, least, most, cpu, resources(item, "500m", "1Gi"), access(item));
    }

    private static Access access(Yaml.Value at) {
        return new Access(
                all(at, "clients", NAME, "a namespace"), all(at, "hosts", HOST, "a host name such as ml.example.com"));
    }

    private static List<String> all(Yaml.Value at, String key, Pattern form, String expected) {
        List<String> texts = at.texts(key);
        texts.stream()
                .filter(each -> !form.matcher(each).matches())
                .forEach(each -> at.error(key + ": '" + each + "' (expected: " + expected + ")"));
        return texts;
    }

    private static Resources resources(Yaml.Value at, String cpu, String memory) {
        return at.get("resources")
                .map(value -> {
                    value.only("cpu", "memory");
                    return new Resources(
                            matching(value, "cpu", cpu, CPU, "processors such as 500m or 2"),
                            matching(value, "memory", memory, BYTES, "bytes such as 1Gi"));
                })
                .orElse(new Resources(cpu, memory));
    }
}
