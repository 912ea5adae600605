use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use ozml_session::{FetchAnswer, FetchError, FetchRequest, Fetcher, HttpUrl, PortFuture};

use crate::prepared::{Prepared, without_query};

/// A web application that does not exist: canned answers to requests. Nothing leaves the process.
///
/// A URL's answers are given in their order, the last one again and again. The query of a URL counts where
/// an answer names one; an answer without a query serves every query.
#[derive(Clone, Default)]
pub struct SimFetcher(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: Prepared<(String, SimAnswer)>,
    trees: Vec<(String, Tree)>,
    requests: Vec<FetchRequest>,
    otherwise: Option<SimAnswer>,
}

type Tree = Box<dyn Fn(&str) -> Option<Vec<u8>> + Send>;

/// What a [`SimFetcher`] answers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SimAnswer {
    /// A status and a body.
    Page(u16, Vec<u8>),
    /// No answer.
    Fails(FetchError),
}

impl SimAnswer {
    /// A page with status 200.
    pub fn page(body: impl Into<Vec<u8>>) -> Self {
        Self::Page(200, body.into())
    }
}

impl SimFetcher {
    /// A web where nothing is found.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer behind those the URL has already.
    #[must_use]
    pub fn answer(self, url: &HttpUrl, answer: SimAnswer) -> Self {
        let url = url.as_str().to_owned();
        self.lock().answers.push((url, answer));
        self
    }

    /// Serves every URL that begins with `prefix` and has no answer of its own: `page` gets what follows
    /// the prefix, without the query. Of several prefixes the longest counts.
    #[must_use]
    pub fn tree(self, prefix: &HttpUrl, page: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> Self {
        let mut state = self.lock();
        state.trees.push((prefix.as_str().to_owned(), Box::new(page)));
        state
            .trees
            .sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        drop(state);
        self
    }

    /// What is answered where there is neither an answer nor a tree; status 404 if this is not called.
    #[must_use]
    pub fn otherwise(self, answer: SimAnswer) -> Self {
        self.lock().otherwise = Some(answer);
        self
    }

    /// The requests so far, in their order.
    pub fn requests(&self) -> Vec<FetchRequest> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn answer(&self, url: &str) -> SimAnswer {
        if let Some((_, answer)) = self.answers.next_for(url, |(url, _)| url) {
            return answer;
        }
        let path = without_query(url);
        let page = self
            .trees
            .iter()
            .find_map(|(prefix, page)| path.strip_prefix(prefix.as_str()).map(page));
        let not_found = SimAnswer::Page(404, Vec::new());
        match page {
            Some(Some(body)) => SimAnswer::page(body),
            Some(None) => not_found,
            None => self.otherwise.clone().unwrap_or(not_found),
        }
    }
}

impl Fetcher for SimFetcher {
    fn fetch<'a>(&'a self, request: &'a FetchRequest) -> PortFuture<'a, FetchAnswer, FetchError> {
        let mut state = self.lock();
        state.requests.push(request.clone());
        let max = request.max_bytes;
        Box::pin(ready(match state.answer(request.url.as_str()) {
            SimAnswer::Page(_, body) if body.len() > max => Err(FetchError::TooLarge { max }),
            SimAnswer::Page(status, body) => Ok(FetchAnswer::new(status, request.url.clone(), body)),
            SimAnswer::Fails(fault) => Err(fault),
        }))
    }
}

impl fmt::Debug for SimFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimFetcher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SimClock;

    fn get(fetcher: &SimFetcher, url: &str) -> Result<(u16, String), FetchError> {
        let request = FetchRequest::get(HttpUrl::new(url).unwrap(), 10);
        let answer = SimClock::new().run(fetcher.fetch(&request)).unwrap()?;
        Ok((answer.status, String::from_utf8(answer.body).unwrap()))
    }

    fn url(url: &str) -> HttpUrl {
        HttpUrl::new(url).unwrap()
    }

    #[test]
    fn answers_come_in_order_and_the_last_one_stays() {
        let web = SimFetcher::new()
            .answer(&url("http://a.example/x"), SimAnswer::page("1"))
            .answer(&url("http://a.example/x"), SimAnswer::Fails(FetchError::Timeout))
            .answer(&url("http://a.example/x"), SimAnswer::Page(500, b"3".to_vec()));
        assert_eq!(get(&web, "http://a.example/x"), Ok((200, "1".into())));
        assert_eq!(get(&web, "http://a.example/x?q=1"), Err(FetchError::Timeout));
        for _ in 0..2 {
            assert_eq!(get(&web, "http://a.example/x"), Ok((500, "3".into())));
        }
        assert_eq!(get(&web, "http://b.example/").unwrap().0, 404);
        assert_eq!(web.requests().len(), 5);
    }

    #[test]
    fn the_longest_tree_serves_what_has_no_answer_of_its_own() {
        let web = SimFetcher::new()
            .tree(&url("http://a.example/"), |rest| Some(format!("a:{rest}").into()))
            .tree(&url("http://a.example/b/"), |rest| {
                (rest != "no").then(|| format!("b:{rest}").into())
            })
            .answer(&url("http://a.example/b/own"), SimAnswer::page("own"));
        assert_eq!(get(&web, "http://a.example/x?y").unwrap().1, "a:x");
        assert_eq!(get(&web, "http://a.example/b/x").unwrap().1, "b:x");
        assert_eq!(get(&web, "http://a.example/b/own").unwrap().1, "own");
        assert_eq!(get(&web, "http://a.example/b/no").unwrap().0, 404);
    }

    #[test]
    fn what_nobody_serves_is_answered_as_the_host_says() {
        let web = SimFetcher::new()
            .answer(&url("http://a.example/x"), SimAnswer::page("1"))
            .otherwise(SimAnswer::Fails(FetchError::Unavailable));
        assert_eq!(get(&web, "http://a.example/x"), Ok((200, "1".into())));
        assert_eq!(get(&web, "http://a.example/y"), Err(FetchError::Unavailable));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let web = SimFetcher::new().answer(&url("http://a.example/x"), SimAnswer::page("12345678901"));
        assert_eq!(
            get(&web, "http://a.example/x"),
            Err(FetchError::TooLarge { max: 10 })
        );
    }
}
