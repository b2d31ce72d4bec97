package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.wire.MongoWireProtocolHandler;
import de.bwaldvogel.mongo.wire.MongoWireReplyEncoder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStore;

/** Listens for clients of MongoDB and serves them from a store. Thread-safe. */
public final class MongoProtocolServer implements AutoCloseable {

    /** A connection keeps to its thread: with several of them, few readers have to wait behind a long write. */
    private static final int THREADS = 8;

    private static final int SHUTDOWN_SECONDS = 5;

    private final EventLoopGroup threads;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final MongoBackend backend;
    private final Channel listener;

    private MongoProtocolServer(MVStore store, InetSocketAddress address) {
        threads = new MultiThreadIoEventLoopGroup(
                THREADS, new DefaultThreadFactory("mongo-server", true), NioIoHandler.newFactory());
        try {
            backend = new StoredBackend(store);
            listener = listen(address);
        } catch (RuntimeException e) {
            threads.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            throw e;
        }
    }

    /** @param store open; stays open when the server is closed */
    public static MongoProtocolServer start(MVStore store, String host, int port) {
        return new MongoProtocolServer(store, new InetSocketAddress(host, port));
    }

    private Channel listen(InetSocketAddress address) {
        return new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connection
                                .pipeline()
                                .addLast(new MongoWireReplyEncoder())
                                .addLast(new MessageEncoder())
                                .addLast(new MongoWireProtocolHandler())
                                .addLast(new CommandHandler(backend, connections));
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /** Ends all connections when their current commands are done, and waits for it. */
    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        connections.close().syncUninterruptibly();
        threads.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
        backend.close();
    }
}
