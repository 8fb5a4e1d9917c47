package org.millwright.app.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.millwright.app.Millwright;
import org.millwright.app.Settings;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mw demo}: the whole line on real flights, by the published commands only. */
@Command(
        name = "demo",
        description = "Run the whole line on the 336,776 flights that left New York in 2013.",
        mixinStandardHelpOptions = true,
        footer = {"", "It has a data folder of its own: MW_DEMO, else ~/.millwright/demo."})
final class Demo implements Callable<Integer> {
    @Option(names = "--once", description = "Stop at the end; exit 0 only if every station did what it should.")
    private boolean once;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder that keeps everything of the demo.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--port", description = "Port of the server; 5000, or a free one when that is taken.")
    private Optional<Integer> port = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Surroundings around = ((Mw) spec.root().userObject()).around();
        Path folder = around.resolve(data.or(() -> around.variable("MW_DEMO").map(Path::of))
                .orElse(Path.of(System.getProperty("user.home"), ".millwright", "demo")));
        Screen screen = around.screen();
        long start = System.nanoTime();
        var own = new DemoFolder(folder, Template.load(DemoSetUp.TEMPLATE));
        own.open();
        Millwright millwright = start(own.server());
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            millwright.close();
            stopped.countDown();
        }));
        String url = "http://127.0.0.1:" + millwright.port();
        var environment = new HashMap<String, String>();
        environment.put("MW_SERVER", url);
        environment.put("MW_CONFIG", folder.resolve("config").toString());
        environment.put("MW_OUTPUT", "json");
        Files.createDirectories(folder.resolve("config"));
        var shell = new DemoShell(screen, environment, folder);
        boolean good = new DemoLine(shell, url, start, millwright::foreignWork).run();
        if (around.variable("MW_OUTPUT").equals(Optional.of("json"))) {
            spec.commandLine()
                    .getOut()
                    .println(Json.object()
                            .put("good", good)
                            .put("seconds", (System.nanoTime() - start) / 1e9)
                            .put("pythonSeconds", millwright.foreignWork().toNanos() / 1e9));
        }
        if (once) {
            screen.line("The server stops now. Start it again: mw serve --port " + millwright.port() + " --data "
                    + own.server());
            return good ? Exit.OK : Exit.FAILED;
        }
        screen.line("The server stays up: " + url + "/   Stop with Ctrl-C.");
        stopped.await();
        return good ? Exit.OK : Exit.FAILED;
    }

    private Millwright start(Path server) {
        if (port.isPresent()) {
            return Millwright.start(Settings.embedded(server, port.get()), Clock.systemUTC());
        }
        try {
            return Millwright.start(Settings.embedded(server, Settings.DEFAULT_PORT), Clock.systemUTC());
        } catch (Problem.Unavailable e) {
            if (!String.valueOf(e.getMessage()).contains("port")) {
                throw e;
            }
            return Millwright.start(Settings.embedded(server, 0), Clock.systemUTC());
        }
    }
}
