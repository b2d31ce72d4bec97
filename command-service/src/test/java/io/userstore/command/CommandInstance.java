package io.userstore.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A command service beside others, in this JVM, on a free port. Its password hash is the cheapest, and nobody waits for a query side. */
public final class CommandInstance implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private CommandInstance(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param properties as {@code name=value}: where its servers are, its master key, and what is its own */
    public static CommandInstance start(String... properties) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--spring.jmx.enabled=false",
                "--spring.datasource.hikari.maximum-pool-size=8",
                "--userstore.secret-key=" + RunningCommandService.KEY,
                "--userstore.visibility.max-wait=0s",
                "--userstore.password.memory-kib=8",
                "--userstore.password.iterations=1",
                "--logging.structured.format.console="));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        return new CommandInstance(
                new SpringApplicationBuilder(CommandApplication.class).run(arguments.toArray(String[]::new)));
    }

    /** @param headers name, value, name, value */
    public HttpResponse<String> send(String method, String path, String body, String... headers) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", RunningCommandService.basic(RunningCommandService.KEY))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
