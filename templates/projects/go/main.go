package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "health" {
		os.Exit(health())
	}
	if err := serve(); err != nil {
		log.Fatal(err)
	}
}

// health asks the server in this container whether it is well.
func health() int {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get("http://127.0.0.1:8080/health")
	if err != nil || response.StatusCode != http.StatusOK {
		return 1
	}
	return 0
}

func serve() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	db, err := open()
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "create table if not exists notes (id serial primary key, text text not null)"); err != nil {
		return err
	}

	routes := http.NewServeMux()
	routes.HandleFunc("/health", func(w http.ResponseWriter, r *http.Request) {
		if err := db.PingContext(r.Context()); err != nil {
			answer(w, http.StatusServiceUnavailable, map[string]any{"error": "no database"})
			return
		}
		answer(w, http.StatusOK, map[string]any{"ok": true})
	})
	routes.HandleFunc("/notes", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64*1024))
			if err == nil {
				_, err = db.ExecContext(r.Context(), "insert into notes (text) values ($1)", string(text))
			}
			if err != nil {
				log.Print(err)
				answer(w, http.StatusInternalServerError, map[string]any{"error": "internal error"})
				return
			}
		}
		var count int
		if err := db.QueryRowContext(r.Context(), "select count(*) from notes").Scan(&count); err != nil {
			log.Print(err)
			answer(w, http.StatusInternalServerError, map[string]any{"error": "internal error"})
			return
		}
		answer(w, http.StatusOK, map[string]any{"notes": count})
	})

	server := http.Server{Addr: ":8080", Handler: routes, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		server.Shutdown(late)
	}()
	log.Print("listening on port 8080")
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func open() (*sql.DB, error) {
	password, err := os.ReadFile(os.Getenv("DATABASE_PASSWORD_FILE"))
	if err != nil {
		return nil, fmt.Errorf("no password for the database: %w", err)
	}
	address := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(os.Getenv("DATABASE_USER"), strings.TrimSpace(string(password))),
		Host:     os.Getenv("DATABASE_HOST"),
		Path:     os.Getenv("DATABASE_NAME"),
		RawQuery: "sslmode=disable&connect_timeout=5",
	}
	return sql.Open("postgres", address.String())
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}
