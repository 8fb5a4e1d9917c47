package org.millwright.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw bench}: measures on this machine what the README states. */
@Command(
        name = "mw bench",
        mixinStandardHelpOptions = true,
        description = "Measure what Millwright costs on this machine.",
        footer = {
            "",
            "start    cold start to the first healthy answer, and idle memory",
            "line     the demo's time, and its share in our own code",
            "serving  predictions over REST and gRPC, beside MLServer and mlflow models serve",
            "scoring  single-row requests a second at 8 connections, monitored and not",
            "embedded a row scored inside an application, beside ONNX Runtime alone",
            "tracking what MLflow's clients ask for, beside mlflow server and FastTrackML",
            "transfer files through the artifact proxy, beside mlflow server; 10 GB with flat memory",
            "search   a million runs",
            "step     what scheduling a step costs that does nothing",
            "worker   what a Python worker adds to a prediction",
            "join     what it brings to answer requests that wait by one call",
            "drift    every column of 336,776 flights, beside a bare query and Evidently",
            "profiles what a profiled value costs, and drift from stored profiles",
            "policy   fifty requirements judged on what is known of a version",
            "labels   a million late outcomes joined to their predictions, and measured",
            "ledger   what recording costs, a proof among ten million entries, verifying and time travel over a million",
            "insight  the pages over all projects and models, of a thousand models and a million entries"
        })
public final class Bench implements Runnable {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Which to run; all unless named.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--runs", description = "How often each is repeated; each has its own count unless given.")
    private int runs;

    @Option(names = "--quick", description = "One short round each: whether it works, not how fast it is.")
    private boolean quick;

    @Option(names = "--own", description = "serving: only what is ours, without the other servers.")
    private boolean own;

    @Option(
            names = "--entries",
            description = "ledger: how many entries its largest log has.",
            defaultValue = "10000000")
    private long entries;

    @Option(names = "--root", hidden = true, required = true)
    private Path root = Path.of("");

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public void run() {
        Product product = Product.at(root);
        Path kept = root.resolve("bench/target/data");
        Map<String, Measurement> all = new LinkedHashMap<>();
        all.put("start", new StartBench(product, count(9), quick ? 1 : 8));
        all.put("line", new LineBench(product, kept, count(3)));
        all.put("scoring", new ScoringBench(product, kept, count(5), quick ? 200 : 800_000, quick ? 200 : 150_000));
        all.put(
                "serving",
                new ServingBench(
                        product, root, kept, count(5), quick ? 200 : 400_000, quick ? 200 : 40_000, !quick && !own));
        all.put("embedded", new EmbeddedBench(product, kept, count(9), quick ? 200 : 300_000, quick ? 200 : 200_000));
        all.put(
                "tracking",
                new TrackingBench(
                        product,
                        kept,
                        count(5),
                        quick ? 40 : 10_000,
                        quick ? 100 : 1,
                        quick ? List.of(Peer.MILLWRIGHT) : List.of(Peer.values())));
        all.put(
                "transfer",
                new TransferBench(
                        product,
                        kept,
                        count(5),
                        quick ? 2 : 100,
                        quick ? 4 : 10_240,
                        quick ? List.of(Peer.MILLWRIGHT) : List.of(Peer.MILLWRIGHT, Peer.MLFLOW)));
        all.put("search", new SearchBench(product, kept, count(5), quick ? 40 : 1_000_000));
        all.put("step", new StepBench(count(7), quick ? 5 : 200));
        all.put("worker", new WorkerBench(kept, count(7), quick ? 20 : 5_000, quick ? 20 : 2_000));
        all.put("join", new JoinBench(kept, count(5), quick ? 50 : 4_000));
        all.put("drift", new DriftBench(kept, count(5), !quick));
        all.put("profiles", new ProfileBench(count(5), quick ? 2 : 168));
        all.put("labels", new LabelBench(count(3), quick ? 2_000 : 1_000_000));
        all.put("policy", new PolicyBench(count(9), quick ? 20 : 2_000));
        all.put(
                "ledger",
                new LedgerBench(
                        kept,
                        count(5),
                        quick ? 2_000 : entries,
                        quick ? 2_000 : Math.min(entries, 1_000_000),
                        quick ? 4 : 400));
        all.put("insight", new InsightBench(kept, count(5), quick ? 20_000 : Math.min(entries, 1_000_000)));
        if (!all.keySet().containsAll(names)) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "Unknown among " + names + " (expected: " + all.keySet() + ")");
        }
        System.out.println(Machine.describe());
        all.forEach((name, bench) -> {
            if (names.isEmpty() || names.contains(name)) {
                System.out.println();
                bench.run(new Report(System.out, name));
            }
        });
    }

    private int count(int usual) {
        return quick ? 1 : runs > 0 ? runs : usual;
    }
}
