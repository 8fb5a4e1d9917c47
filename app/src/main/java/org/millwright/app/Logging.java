package org.millwright.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/** Log lines on stderr, one a record, warnings and worse unless MW_LOG names another level. */
public final class Logging {
    public Logging() throws IOException {
        String level = System.getenv().getOrDefault("MW_LOG", "WARNING");
        String config = """
                handlers=java.util.logging.ConsoleHandler
                .level=%1$s
                # A port that is taken is told in one sentence by the command.
                io.helidon.webserver.LoomServer.level=OFF
                # Every PostgreSQL but the newest is told to be old; the tests run on 17.
                org.jooq.impl.DefaultExecuteContext.logVersionSupport.level=OFF
                # That a collector of traces is away is told once, by engines.otlp, and not each time with a stack trace.
                io.opentelemetry.exporter.level=OFF
                io.opentelemetry.sdk.trace.export.level=OFF
                io.opentelemetry.sdk.autoconfigure.level=OFF
                java.util.logging.ConsoleHandler.level=%1$s
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%%1$tFT%%1$tT.%%1$tL %%4$s %%3$s: %%5$s%%6$s%%n
                """.formatted(level);
        LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
    }
}
